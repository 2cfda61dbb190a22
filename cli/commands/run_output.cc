#include "cli/commands/run_output.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace drover::cli {
namespace {

// What JSON has in the place of a byte that is not UTF-8.
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

LogSelection all_of(const std::string& instance) {
  LogSelection selection;
  selection.instance = instance;
  // Attempts may have begun and ended before they are asked for.
  selection.attempt = "all";
  return selection;
}

}  // namespace

RunOutput::RunOutput(Session& session, Interrupts& interrupts, const std::string& instance)
    : session_(session), follower_(session, interrupts, all_of(instance)) {
  std::signal(SIGPIPE, SIG_IGN);
}

RunOutput::~RunOutput() { std::signal(SIGPIPE, SIG_DFL); }

Status RunOutput::follow() {
  if (is_closed_) return Done{};
  return follower_.run(
      [this](const LogEntry& entry, std::string_view line) { print(entry, line); });
}

void RunOutput::close() {
  is_closed_ = true;
  // And nobody complains of it either.
  if (std::freopen("/dev/null", "w", stdout) == nullptr) std::clearerr(stdout);
}

bool RunOutput::is_lost() const { return !is_closed_ && std::ferror(stdout) != 0; }

bool RunOutput::has_no_reader() {
  pollfd output{STDOUT_FILENO, 0, 0};
  return ::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

void RunOutput::print(const LogEntry& entry, std::string_view line) {
  if (session_.json()) {
    put(false, std::string(line) + "\n");
  } else if (entry.kind == LogEntry::Kind::line) {
    print_line(entry);
  } else if (entry.kind == LogEntry::Kind::partial) {
    std::fflush(stdout);
    Session::complain(entry.label() + ": " + entry.text);
  }
}

void RunOutput::print_line(const LogEntry& entry) {
  // A service may be scaled meanwhile.
  if (first_task_.empty()) first_task_ = entry.task;
  has_labels_ = has_labels_ || entry.task != first_task_;
  if (has_labels_) {
    put(entry.error_output, entry.labelled());
  } else {
    put(entry.error_output, entry.continues ? entry.text : entry.text + "\n");
  }
  if (is_replaced_said_ || entry.text.find(kReplacement) == std::string::npos) return;
  is_replaced_said_ = true;
  std::fflush(stdout);
  Session::complain("what is no UTF-8 is printed as U+FFFD; the bytes themselves: drover logs " +
                    follower_.instance() + " --task TASK --stream stdout");
}

// In the order in which it came, wherever the two lead to.
void RunOutput::put(bool error_output, std::string_view text) {
  if (!error_output) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return;
  }
  std::fflush(stdout);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace drover::cli
