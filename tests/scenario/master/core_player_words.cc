// What a step brought about, in the words of a scenario.
#include <stdexcept>
#include <string>
#include <variant>

#include "tests/scenario/master/core_player.h"

namespace drover::test {
namespace {

std::string describe_end_itself(const core::TaskEnd& end) {
  switch (end.kind) {
    case core::EndKind::none:
      return "";
    case core::EndKind::exited:
      return " exit " + std::to_string(end.code);
    case core::EndKind::signaled:
      return " signal " + std::to_string(end.code);
    case core::EndKind::spawn_failed:
      return " " + end.detail + " errno " + std::to_string(end.code);
    case core::EndKind::never_started:
      return end.detail.empty() ? " never started" : " not taken (" + end.detail + ")";
    case core::EndKind::lost:
      return " (" + end.detail + ")";
  }
  throw std::runtime_error("no such end");
}

std::string describe_end(const core::TaskEnd& end) {
  const bool is_told = end.reason == EndReason::itself || end.reason == EndReason::fence;
  return describe_end_itself(end) + (end.fenced ? " fenced" : "") +
         (is_told ? "" : " for " + std::string(to_string(end.reason)));
}

std::string describe_task(const core::TaskStatus& task) {
  std::string text = core::to_string(task.state);
  if (task.attempt > 1) text += "@" + std::to_string(task.attempt);
  if (task.health.state != Health::unknown) text += std::string(" ") + to_string(task.health.state);
  text += describe_end(task.end);
  if (task.restart_wished != 0) text += " to be restarted";
  if (task.next_start != 0) text += " again";
  for (const core::FormerAttempt& each : task.previous) {
    text += ", @" + std::to_string(each.attempt) + describe_end(each.end);
  }
  return text;
}

std::string seconds(core::UnixMs time) { return std::to_string((time - kWallClock) / 1000) + " s"; }

}  // namespace

std::string CorePlayer::name_of(const InstanceId& id) const { return instance_names_.at(id); }

std::string CorePlayer::name_of(const NodeId& id) const { return node_names_.at(id); }

std::string CorePlayer::name_of(const AllocationId& id) const {
  const std::string generation = id.generation == 1 ? "" : "#" + std::to_string(id.generation);
  return name_of(id.instance) + "." + std::to_string(id.slot) + generation;
}

std::string CorePlayer::name_of(const AttemptId& id) const {
  const std::string attempt = id.attempt == 1 ? "" : "@" + std::to_string(id.attempt);
  return name_of(id.allocation) + "." + std::to_string(id.task) + attempt;
}

std::string CorePlayer::describe(const core::PlacementPlan& plan) const {
  std::string text;
  for (const core::PlannedCopy& copy : plan.copies) {
    text += "would be: " + std::to_string(copy.role.group) + "." + std::to_string(copy.role.index) +
            (copy.node ? " on " + name_of(*copy.node)
                       : std::string(" waits: ") + core::to_string(copy.waits_for)) +
            (copy.pinned ? " for " + name_of(*copy.pinned) : "") + "\n";
  }
  return text;
}

std::string CorePlayer::describe(const core::Allocation& allocation) const {
  std::string text =
      "allocation " + name_of(allocation.id) + " on " +
      (allocation.node ? name_of(*allocation.node) : "-") +
      (allocation.pinned && !allocation.node ? " for " + name_of(*allocation.pinned) : "") + ":";
  for (const core::TaskStatus& task : allocation.tasks) {
    text += " [" + describe_task(task) + "]";
  }
  if (allocation.waits_for != core::WaitReason::none) {
    text += std::string(" waits: ") + core::to_string(allocation.waits_for);
  }
  if (allocation.version > 1) text += " version " + std::to_string(allocation.version);
  if (allocation.retirement != core::Retirement::none) text += " retired";
  if (allocation.replaces) text += " replaces " + std::to_string(*allocation.replaces);
  if (allocation.original) text += " stands in for " + name_of(allocation.original->id);
  return text;
}

std::string CorePlayer::describe(const core::Changes& changes) const {
  std::string text;
  for (const auto& each : changes.templates) {
    text += "template " + each->spec.name;
    if (each->spec.schedule) text += ", last run at " + seconds(each->last_run);
    if (each->removed) text += ", removed";
    if (each->removed && each->spec.groups.empty()) text += " and empty";
    text += "\n";
  }
  for (const auto& each : changes.nodes) {
    text += "node " + name_of(each->id) + (each->online ? " online" : " offline") +
            " incarnation " + std::to_string(each->incarnation) +
            (!each->drain        ? ""
             : each->drain->done ? " drained"
                                 : " draining") +
            "\n";
  }
  for (const auto& each : changes.allocations) text += describe(*each) + "\n";
  for (const auto& each : changes.instances) {
    text += "instance " + name_of(each->id) + " " + core::to_string(each->state);
    if (each->scheduled_for) text += ", due at " + seconds(*each->scheduled_for);
    if (each->rollout) {
      text += std::string(", version ") + std::to_string(each->template_version) + " " +
              core::to_string(each->rollout->state);
    }
    text += "\n";
  }
  for (const NodeId& id : changes.dropped_nodes) text += "forgotten " + name_of(id) + "\n";
  for (const AllocationId& id : changes.dropped) text += "gone " + name_of(id) + "\n";
  for (const auto& each : changes.finished) {
    text += "finished " + name_of(each.instance->id) + "\n";
  }
  return text;
}

std::string CorePlayer::describe(const core::MessageToAgent& message) const {
  const std::string to = "to session " + std::to_string(message.session.value) + ": ";
  if (std::holds_alternative<core::Welcome>(message.content)) return to + "welcome\n";
  if (const auto* close = std::get_if<core::CloseStream>(&message.content)) {
    // The rest of the line names ids, which are for people.
    return to + "close, " + close->reason.substr(0, close->reason.find(" of node ")) + "\n";
  }
  if (const auto* start = std::get_if<core::StartAllocation>(&message.content)) {
    return to + "start " + name_of(start->allocation->id) + "\n";
  }
  if (const auto* stop = std::get_if<core::StopAllocation>(&message.content)) {
    return to + "stop " + name_of(stop->id) + "\n";
  }
  if (const auto* restart = std::get_if<core::RestartTask>(&message.content)) {
    return to + "restart " + name_of(restart->id) + "\n";
  }
  if (const auto* signal = std::get_if<core::SignalTask>(&message.content)) {
    return to + signal->signal + " for " + name_of(signal->id) + "\n";
  }
  if (std::holds_alternative<core::Heard>(message.content)) {
    return to + "heard " + std::to_string(message.heartbeat) + "\n";
  }
  return to + "remove " + name_of(std::get<core::RemoveAllocation>(message.content).id) + "\n";
}

}  // namespace drover::test
