#include "master/http/api/log_source.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"
#include "master/engine/view.h"
#include "master/http/api/instance_view.h"

namespace drover::http {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

LogSource::LogSource(const Services& services, LogRequest request, std::vector<LogTarget> targets)
    : services_(services),
      request_(std::move(request)),
      writer_(request_.format),
      first_(std::move(targets)) {
  const LogSelection& selection = request_.selection;
  may_grow_ = request_.follow && !selection.attempt && !selection.generation;
}

void LogSource::begin(Wake wake) {
  wake_ = std::move(wake);
  for (const LogTarget& target : first_) show(target, false);
  first_.clear();
  if (!request_.follow) return;
  *changed_ = true;
  watch_ = services_.view.watchers().watch(request_.instance, [changed = changed_, wake = wake_] {
    *changed = true;
    wake();
  });
}

void LogSource::show(const LogTarget& target, bool joined) {
  const auto shown = std::make_shared<Shown>(Shown{target, joined});
  std::uint32_t& latest = latest_[{target.attempt.allocation, target.attempt.task}];
  latest = std::max(latest, target.attempt.attempt);
  for (const bool error_output : {false, true}) {
    if (error_output ? !request_.error_output : !request_.output) continue;
    ++shown->streams;
    opens_.push_back({shown, error_output});
  }
}

Source::State LogSource::read(std::string& out) {
  const Time now = Clock::now();
  if (changed_->exchange(false)) look_at_instance(now);
  const std::size_t at_once = request_.follow ? limits::kLogStreams : limits::kLogStreamsAhead;
  std::size_t number = 0;
  for (auto each = opens_.begin(); each != opens_.end() && number < at_once;) {
    const auto here = each++;
    if (!here->lane) open(*here, now);
    const bool has_turn = request_.follow || here == opens_.begin();
    if (has_turn && !pump(*here, now, out)) {
      opens_.erase(here);
      continue;
    }
    ++number;
    if (out.size() < limits::kStreamPieceBytes) continue;
    // Side by side, the others come first the next time.
    if (request_.follow) opens_.splice(opens_.end(), opens_, here);
    return State::more;
  }
  if (opens_.empty() && !may_grow_) return State::over;
  return out.empty() ? State::idle : State::more;
}

void LogSource::open(Open& open, Time now) {
  const LogTarget& target = open.of->target;
  output::Request request;
  request.node = target.node;
  request.attempt = target.attempt;
  request.error_output = open.error_output;
  request.follow = request_.follow && !target.is_over;
  if (!open.of->joined) {
    request.tail_lines = request_.tail_lines;
    request.since_unix_ms = request_.since;
  }
  open.lane = std::make_unique<LogLane>(services_.outputs, std::move(request), wake_, now);
}

// What is followed may be over, and others may have begun.
void LogSource::look_at_instance(Time now) {
  const auto found = find_instance(services_, request_.instance);
  if (!found || !*found) {
    // Its record is gone: nothing is known of it any more but what its nodes have.
    may_grow_ = false;
    return note_ends({}, now);
  }
  LogSelection selection = request_.selection;
  // An attempt may begin and end between two looks.
  selection.all_attempts = selection.all_attempts || may_grow_;
  const auto targets = log_targets(**found, versions_of(services_, **found), selection);
  if (may_grow_) add_new(targets);
  note_ends(targets, now);
  if (core::is_terminal((*found)->instance->state)) may_grow_ = false;
}

void LogSource::add_new(const std::vector<LogTarget>& targets) {
  for (const LogTarget& target : targets) {
    const auto latest = latest_.find({target.attempt.allocation, target.attempt.task});
    if (latest == latest_.end() || latest->second < target.attempt.attempt) show(target, true);
  }
}

// Of a copy that another one has replaced, and of attempts from long ago, no end is known.
void LogSource::note_ends(const std::vector<LogTarget>& targets, Time now) {
  std::map<AttemptId, const LogTarget*> by_attempt;
  for (const LogTarget& target : targets) by_attempt.emplace(target.attempt, &target);
  for (Open& open : opens_) {
    LogTarget& shown = open.of->target;
    const auto found = by_attempt.find(shown.attempt);
    if (found != by_attempt.end() && !found->second->is_over) continue;
    if (found != by_attempt.end()) shown.end = found->second->end;
    shown.is_over = true;
    if (open.lane) open.lane->finish(now);
  }
}

bool LogSource::pump(Open& open, Time now, std::string& out) {
  while (out.size() < limits::kStreamPieceBytes) {
    const LogLane::News news = open.lane->take(now);
    if (news.chunk) {
      append_data(open, *news.chunk, out);
    } else if (news.end) {
      append_end(open, *news.end, out);
      return false;
    } else {
      return check_silence(open, now, out);
    }
  }
  return true;
}

void LogSource::append_data(Open& open, const output::Chunk& chunk, std::string& out) {
  open.was_silent = false;
  silent_.erase(open.of->target.node);
  if (chunk.attempt != 0) open.of->target.attempt.attempt = chunk.attempt;
  if (chunk.skipped) {
    leave_out(open, "not_kept", "output is missing here that was not kept", out);
  }
  open.of->has_output = open.of->has_output || !chunk.data.empty();
  writer_.data(open.stream(), chunk.data, chunk.read_at, open.rest, out);
}

void LogSource::append_end(Open& open, const output::End& end, std::string& out) {
  if (end.cause == output::EndCause::busy) {
    leave_out(open, "too_many_readers", end.text + "; ask again later", out);
  } else if (end.cause == output::EndCause::failed) {
    leave_out(open, "read_failed", "the node cannot read it: " + end.text, out);
  }
  close(open, out);
}

bool LogSource::check_silence(Open& open, Time now, std::string& out) {
  const auto deadline = open.lane->deadline();
  const NodeId& node = open.of->target.node;
  const bool is_known_to_be = !request_.follow && silent_.contains(node);
  if (!is_known_to_be && (!deadline || now < *deadline)) return true;
  silent_.insert(node);
  if (!open.was_silent) {
    leave_out(open, "node_silent",
              "node " + node.text() + " does not answer; what it has of this is missing here", out);
  }
  open.was_silent = true;
  if (request_.follow && !open.of->target.is_over) return true;
  close(open, out);
  return false;
}

void LogSource::leave_out(Open& open, std::string_view code, const std::string& why,
                          std::string& out) {
  open.of->is_whole = false;
  writer_.end(open.stream(), open.rest, out);
  writer_.partial(open.stream(), code, why, out);
}

void LogSource::close(Open& open, std::string& out) {
  // The bytes themselves stay as they are, unless something is said behind them.
  if (request_.follow || request_.format != LogFormat::plain) {
    writer_.end(open.stream(), open.rest, out);
  }
  Shown& shown = *open.of;
  if (--shown.streams > 0) return;
  if (request_.follow && shown.target.is_over) {
    writer_.ended(shown.target, out);
  } else if (!shown.has_output && shown.is_whole) {
    writer_.note(shown.target, "no_output",
                 "nothing was printed, or it is not kept on the node any more", out);
  }
}

std::chrono::steady_clock::time_point LogSource::look_again() const {
  auto earliest = Time::max();
  for (const Open& open : opens_) {
    if (!open.lane) break;
    const auto deadline = open.was_silent ? std::nullopt : open.lane->deadline();
    if (deadline) earliest = std::min(earliest, *deadline);
    if (!request_.follow) break;
  }
  return earliest;
}

void LogSource::keep_alive(std::string& out) {
  // In the bytes of a program there is no place for it.
  if (request_.format == LogFormat::json) out += "\n";
}

void LogSource::end_early(std::string_view reason, std::string& out) {
  for (Open& open : opens_) {
    if (!open.lane) continue;
    leave_out(open, "stream_ended", std::string(reason), out);
    return;
  }
}

}  // namespace drover::http
