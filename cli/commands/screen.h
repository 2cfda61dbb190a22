// The whole terminal, for a picture that is drawn again and again.
//
// While it lives, keys are read one by one and not shown, the cursor is hidden, and what was on the
// terminal is set aside; afterwards all of it is as before.
#pragma once

#include <termios.h>

#include <optional>
#include <string>

namespace drover::cli {

class Screen {
 public:
  // On the standard input and output, which must be terminals.
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // Lines that end with '\n', none wider than the terminal; what does not fit below is left out.
  static void draw(const std::string& picture);
  // A key that was pressed; nothing: none was.
  static std::optional<char> take_key();

 private:
  termios before_{};
};

}  // namespace drover::cli
