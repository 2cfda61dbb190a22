#include "cli/commands/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace drover::cli {
namespace {

// See https://no-color.org: set to anything but the empty text.
bool colours_are_unwanted() {
  const char* no_color = std::getenv("NO_COLOR");
  return no_color != nullptr && *no_color != '\0';
}

bool can_paint() {
  const char* kind = std::getenv("TERM");
  return kind != nullptr && std::string_view(kind) != "dumb";
}

}  // namespace

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

TerminalSize terminal_size(int fd) {
  if (!is_terminal(fd)) return {};
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {80, 24};
  return {size.ws_col, size.ws_row};
}

Palette palette_for(int fd, const std::string& when) {
  if (when != "auto") return Palette(when == "always");
  return Palette(is_terminal(fd) && can_paint() && !colours_are_unwanted());
}

}  // namespace drover::cli
