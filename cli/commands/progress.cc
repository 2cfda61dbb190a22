#include "cli/commands/progress.h"

#include <unistd.h>

#include <cstdio>

#include "cli/commands/terminal.h"
#include "cli/text/width.h"

namespace drover::cli {

Progress::Progress() : is_shown_(is_terminal(STDERR_FILENO)) {}

void Progress::show(const std::string& line) {
  if (!is_shown_) return;
  // The last column stays free: some terminals begin a new line behind it.
  const std::size_t columns = terminal_size(STDERR_FILENO).columns - 1;
  std::fprintf(stderr, "\r\x1b[K%s", cut(printable(line), columns).c_str());
  is_drawn_ = true;
}

void Progress::clear() {
  if (!is_drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  is_drawn_ = false;
}

}  // namespace drover::cli
