#include "cli/commands/log_follow.h"

#include <cstdio>
#include <utility>

#include "cli/client/lines.h"
#include "cli/commands/instance_state.h"

namespace drover::cli {
namespace {

const Error kBroken{ErrorKind::unavailable, "the master has ended the stream of output"};

bool can_print() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

}  // namespace

LogFollower::LogFollower(Session& session, Interrupts& interrupts, LogSelection selection)
    : session_(session),
      outage_(session.connection(), &interrupts),
      selection_(std::move(selection)) {
  selection_.follow = true;
}

Status LogFollower::run(const OnEntry& on_entry) {
  for (;;) {
    if (has_begun_) begin_again();
    auto over = read_once(on_entry);
    if (over && !*over) over = has_all_come();
    if (over && *over) return Done{};
    if (!outage_.is_worth_another_try(over ? kBroken : over.error())) {
      return over ? kBroken : over.error();
    }
  }
}

// From the beginning, so that what was seen can be counted. Where it was not read from there, that
// is not possible.
void LogFollower::begin_again() {
  resume_.begin_again();
  if (leaves_out_ || (selection_.tail.empty() && selection_.since.empty())) return;
  leaves_out_ = true;
  Session::complain(
      "the connection was broken: what was printed until now is left out here; drover logs " +
      selection_.instance + " shows it");
  selection_.tail.assign(1, '0');
  selection_.since.clear();
  resume_ = {};
}

Result<bool> LogFollower::read_once(const OnEntry& on_entry) {
  Lines lines;
  bool ended_early = false;
  const auto take = [&](std::string_view line) {
    auto entry = parse_log_entry(line);
    if (!entry) return;
    if (entry->code == "stream_ended") {
      ended_early = true;
    } else if (resume_.is_new(*entry, Session::complain)) {
      on_entry(*entry, line);
    }
  };
  const Status read = session_.api().read_logs(selection_, true, [&](std::string_view piece) {
    has_begun_ = true;
    outage_.is_over();
    lines.add(piece, take);
    return can_print();
  });
  if (!can_print()) return true;
  if (!read) return read.error();
  if (ended_early) return kBroken;
  return false;
}

// A master that stops ends its answer like one that is complete, where nothing is printed just
// then.
Result<bool> LogFollower::has_all_come() {
  const auto instance = session_.api().get_instance(selection_.instance);
  if (!instance) {
    if (instance.error().kind == ErrorKind::not_found) return true;
    return instance.error();
  }
  // Of attempts that are named, nothing more can come.
  const bool may_grow = selection_.attempt.empty() || selection_.attempt == "all";
  return !may_grow || is_over(text_of(instance->value, "state"));
}

}  // namespace drover::cli
