#include "tests/scenario/agent/scenario_text.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace drover::agent::core::scenario {
namespace {

// What is not told by the flags already.
std::string reason_text(EndReason reason) {
  const bool is_told =
      reason == EndReason::itself || reason == EndReason::stop || reason == EndReason::fence;
  return is_told ? "" : " for " + std::string(to_string(reason));
}

std::string text_of(const End& end) {
  struct Writer {
    std::string operator()(const Exited& cause) const {
      return "exit=" + std::to_string(cause.code);
    }
    std::string operator()(const Signalled& cause) const {
      return "signal=" + std::to_string(cause.signal);
    }
    std::string operator()(const SpawnFailed& cause) const {
      return "errno=" + std::to_string(cause.error_number) + ":" + cause.step;
    }
    std::string operator()(const Lost& cause) const { return "lost (" + cause.why + ")"; }
    std::string operator()(const NeverStarted& cause) const {
      return "never started" + (cause.why.empty() ? "" : " (" + cause.why + ")");
    }
  };
  return std::visit(Writer{}, end.cause) + (end.stopped ? " stopped" : "") +
         (end.fenced ? " fenced" : "") + reason_text(end.reason) +
         (end.output_dropped_bytes == 0
              ? ""
              : " dropped " + std::to_string(end.output_dropped_bytes) + " bytes");
}

std::string text_of(const std::optional<NextAttempt>& next) {
  if (!next) return "";
  return ", again (" + std::to_string(next->in_a_row) + ") at " + std::to_string(next->steady_ms) +
         " ms";
}

std::string text_of(const std::optional<HealthReport>& health) {
  if (!health) return "";
  const std::string failure = health->failure.empty() ? "" : " (" + health->failure + ")";
  return std::string(", ") + to_string(health->health) + failure;
}

std::string_view phase_text(Phase phase) {
  switch (phase) {
    case Phase::accepted:
      return "accepted";
    case Phase::pausing:
      return "pausing";
    case Phase::spawning:
      return "spawning";
    case Phase::running:
      return "running";
    case Phase::terminating:
      return "terminating";
    case Phase::killing:
      return "killing";
    case Phase::ended:
      return "ended";
  }
  return "?";
}

struct RecordWriter {
  std::string operator()(const BootRecord& record) const { return "boot " + record.boot_id; }
  std::string operator()(const NameRecord& record) const { return "name " + record.journal_id; }
  std::string operator()(const AcceptedRecord& record) const {
    return "accepted " + name_of(record.spec->id) + " with " +
           std::to_string(record.spec->tasks.size()) + " tasks" +
           (record.spec->exclusive ? ", exclusive" : "");
  }
  std::string operator()(const RequestedRecord& record) const {
    return "requested " + name_of(record.attempt) + " of " + record.supervisor +
           (record.steady_ms == 0 ? "" : " at " + std::to_string(record.steady_ms) + " ms");
  }
  std::string operator()(const EndingRecord& record) const {
    return "ending " + name_of(record.attempt) + reason_text(record.reason);
  }
  std::string operator()(const EndedRecord& record) const {
    return "ended " + name_of(record.attempt) + " " + text_of(record.end) + text_of(record.next);
  }
  std::string operator()(const RestartsRecord& record) const {
    std::string text = "restarts of " + name_of(record.allocation) + "." +
                       std::to_string(record.task) + " before attempt " +
                       std::to_string(record.first_attempt) + ", counted:";
    for (const std::int64_t ms : record.steady_ms) text += " " + std::to_string(ms);
    return text;
  }
  std::string operator()(const NoRestartsRecord& record) const {
    return "no restarts of " + name_of(record.allocation);
  }
  std::string operator()(const WishRecord& record) const {
    return (record.remove ? "remove " : "stop ") + name_of(record.allocation);
  }
  std::string operator()(const FenceRecord& record) const {
    return "fence " + name_of(record.allocation);
  }
  std::string operator()(const ForgottenRecord& record) const {
    return "forgotten " + name_of(record.allocation);
  }
};

struct RequestWriter {
  std::string operator()(const SpawnAttempt& request) const {
    return "spawn " + name_of(request.id) + (request.fenced ? " fenced" : "");
  }
  std::string operator()(const SpawnCheck& request) const {
    return "check by " + name_of_key(request.id.text());
  }
  std::string operator()(const SignalAttempt& request) const {
    return "signal " + std::to_string(request.signal) + " to " + name_of_key(request.key);
  }
  std::string operator()(const KillAttempt& request) const {
    return "kill " + name_of_key(request.key);
  }
  std::string operator()(const ForgetAttempt& request) const {
    return "forget " + name_of_key(request.key);
  }
  std::string operator()(const SetFence& request) const {
    return "fence at " + std::to_string(request.steady_ms) + " ms";
  }
};

std::string short_name(std::string_view key, const std::string& value) {
  if (key == "attempt") return name_of_key(value);
  if (key == "allocation") return name_of(AllocationId::parse(value).value_or(AllocationId()));
  return value;
}

std::string line_of(const Note& note) {
  std::string line = (note.warning ? "warning: " : "info: ") + std::string(note.event);
  for (const auto& [key, value] : note.fields) {
    line += " " + std::string(key) + "=" + short_name(key, value);
  }
  return line;
}

}  // namespace

AllocationId allocation_of(std::string_view name) {
  EXPECT_TRUE(name.starts_with('a')) << "not an allocation: " << name;
  AllocationId id;
  id.instance.uuid.bytes[15] =
      static_cast<std::uint8_t>(std::atoi(std::string(name.substr(1)).c_str()));
  return id;
}

std::string key_of(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (!name.starts_with('a') || dot == std::string_view::npos) return std::string(name);
  return allocation_of(name.substr(0, dot)).text() + std::string(name.substr(dot));
}

std::string name_of(const AllocationId& id) {
  return "a" + std::to_string(id.instance.uuid.bytes[15]);
}

std::string name_of(const AttemptId& id) {
  return name_of(id.allocation) + "." + std::to_string(id.task) + "." + std::to_string(id.attempt);
}

std::string name_of_key(const std::string& key) {
  const auto check = CheckId::parse(key);
  if (check) return name_of(check->attempt) + "#" + std::to_string(check->number);
  const auto id = AttemptId::parse(key);
  return id ? name_of(*id) : key;
}

EndCause cause_of(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view kind = text.substr(0, equals);
  const std::string value(text.substr(equals + 1));
  if (kind == "exit") return Exited{std::atoi(value.c_str())};
  if (kind == "signal") return Signalled{std::atoi(value.c_str())};
  EXPECT_EQ(kind, "errno");
  return SpawnFailed{std::atoi(value.c_str()), value.substr(value.find(':') + 1)};
}

std::string line_of(const JournalRecord& record) { return std::visit(RecordWriter{}, record); }

std::vector<std::string> lines_of(const Output& output) {
  std::vector<std::string> lines;
  if (output.epoch) lines.push_back("epoch " + std::to_string(output.epoch->value));
  for (const auto& record : output.journal) lines.push_back("journal: " + line_of(record));
  for (const auto& request : output.requests) {
    lines.push_back("supervisor: " + std::visit(RequestWriter{}, request));
  }
  for (const auto& probe : output.probes) {
    lines.push_back("probe " + name_of_key(probe.id.text()));
  }
  for (const auto& report : output.reports) {
    lines.push_back("report: " + name_of(report.id) + " " +
                    (report.end ? text_of(*report.end) : std::string("running")) +
                    text_of(report.next) + text_of(report.health));
  }
  for (const auto& id : output.forgotten) lines.push_back("clean up " + name_of(id));
  for (const auto& id : output.dropped) lines.push_back("clean up after " + name_of(id));
  for (const auto& note : output.notes) lines.push_back(line_of(note));
  return lines;
}

std::vector<std::string> lines_of(const State& state) {
  std::vector<std::string> lines;
  for (const auto& [id, allocation] : state.allocations) {
    for_each_attempt(allocation, [&lines](const AttemptId& attempt_id, const Attempt& attempt) {
      lines.push_back(name_of(attempt_id) + " " + std::string(phase_text(attempt.phase)) +
                      (attempt.end ? " " + text_of(*attempt.end) : ""));
    });
  }
  for (const std::string& key : state.strangers) {
    lines.push_back(name_of_key(key) + " is a stranger: no hello yet");
  }
  if (const auto deadline = next_deadline(state)) {
    lines.push_back("next deadline at " + std::to_string(*deadline) + " ms");
  }
  return lines;
}

}  // namespace drover::agent::core::scenario
