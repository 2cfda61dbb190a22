// Colours of a terminal, where there is one that wants them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace drover::cli {

enum class Colour { plain, bold, dim, green, yellow, red };

// Paints texts, or leaves them as they are.
class Palette {
 public:
  explicit Palette(bool paints = false) : paints_(paints) {}
  bool paints() const { return paints_; }
  std::string paint(std::string_view text, Colour colour) const;

 private:
  bool paints_;
};

// Of the states of instances, copies, tasks, nodes and rollouts: green where all is well, yellow
// where something is under way, red where something is wrong.
Colour colour_of_state(std::string_view state);

}  // namespace drover::cli
