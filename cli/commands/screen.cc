#include "cli/commands/screen.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string_view>

#include "cli/commands/terminal.h"

namespace drover::cli {
namespace {

// Control sequences of xterm, which its like understand as well.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kClearLine = "\x1b[K";
constexpr std::string_view kClearBelow = "\x1b[J";

void put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void nothing(int) {}

}  // namespace

Screen::Screen() {
  ::tcgetattr(STDIN_FILENO, &before_);
  termios settings = before_;
  settings.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  // A program that is put aside would leave the terminal as it is.
  settings.c_cc[VSUSP] = _POSIX_VDISABLE;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &settings);
  // What waits is woken when the size changes.
  std::signal(SIGWINCH, nothing);
  put(kEnter);
}

Screen::~Screen() {
  put(kLeave);
  std::signal(SIGWINCH, SIG_DFL);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

void Screen::draw(const std::string& picture) {
  const std::size_t rows = terminal_size(STDOUT_FILENO).rows;
  std::string out(kHome);
  std::string_view rest = picture;
  for (std::size_t row = 0; row < rows && !rest.empty(); ++row) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (row > 0) out += "\r\n";
    out.append(rest.substr(0, end)).append(kClearLine);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  put(out.append(kClearBelow));
}

std::optional<char> Screen::take_key() {
  pollfd readable{STDIN_FILENO, POLLIN, 0};
  if (::poll(&readable, 1, 0) <= 0) return std::nullopt;
  char key = 0;
  // The end of the input is as good as the wish to end.
  return ::read(STDIN_FILENO, &key, 1) == 1 ? key : 'q';
}

}  // namespace drover::cli
