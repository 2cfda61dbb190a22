// One line on the standard error that is drawn again and again, where that is a terminal. Elsewhere
// nothing is drawn.
#pragma once

#include <string>

namespace drover::cli {

class Progress {
 public:
  Progress();
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  bool is_shown() const { return is_shown_; }
  // In the place of the line before. Cut to the terminal's width.
  void show(const std::string& line);
  void clear();

 private:
  const bool is_shown_;
  bool is_drawn_ = false;
};

}  // namespace drover::cli
