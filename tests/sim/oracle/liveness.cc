#include "tests/sim/oracle/liveness.h"

#include <map>
#include <vector>

#include "tests/sim/world/world.h"

namespace drover::sim {
namespace {

// For leases to run out, copies to be given up, and the longest pause before a copy is run again.
constexpr Time kSettleTime = 60'000;
// What two accounts may disagree about for a while, they must agree on after this.
constexpr Time kAgreeTime = 40'000;
constexpr Time kStopTime = 60'000;
// From when a pause is over until the next attempt is begun.
constexpr Time kRestartTime = 1'000;

std::map<AllocationId, std::optional<core::Resources>> leaving_of(const MasterProgram& master,
                                                                  const Node& node) {
  const auto entry = master.state().nodes.find(node.machine().disk.node);
  if (entry == master.state().nodes.end()) return {};
  return entry->second.leaving;
}

// A copy that waits for room, and for no other copy, while a node has it.
bool could_be_placed(const MasterProgram& master, const core::InstanceEntry& entry,
                     const core::Allocation& copy) {
  if (!master.state().waiting.contains(copy.id) || entry.from->spec.gang.value_or(false)) {
    return false;
  }
  const core::GroupSpec& group = entry.spec(copy);
  for (const auto& [id, node] : master.state().nodes) {
    if (copy.pinned && copy.pinned != id) continue;
    const core::Resources room = core::capacity_of(*node.node) - node.reserved.sum;
    if (node.session && !node.node->drain && node.refuses_work.empty() && node.leaving.empty() &&
        core::all_hold(group.constraints, *node.node) && core::demand_of(group).fits_in(room)) {
      return true;
    }
  }
  return false;
}

// Whether a system instance has what it wants on the node: one copy of each group that fits.
bool is_everywhere(const core::InstanceEntry& entry, const core::NodeEntry& node) {
  const auto& groups = entry.from->spec.groups;
  std::vector<std::size_t> copies(groups.size());
  const auto found = entry.pinned.find(node.node->id);
  if (found != entry.pinned.end()) {
    for (const std::uint32_t slot : found->second) {
      ++copies[entry.slots.at(slot).allocation->role.group];
    }
  }
  for (std::size_t group = 0; group < groups.size(); ++group) {
    const bool fits = core::all_hold(groups[group].constraints, *node.node);
    if (copies[group] != (fits ? 1 : 0)) return false;
  }
  return true;
}

// Of the attempts of a task the latest; null where a supervisor has heard of none.
const RealAttempt* latest(const Truth& truth, const AllocationId& id, std::uint32_t task) {
  auto after = truth.attempts.lower_bound({id, task + 1, 0});
  if (after == truth.attempts.begin()) return nullptr;
  const auto& [attempt, real] = *--after;
  return attempt.allocation == id && attempt.task == task ? &real : nullptr;
}

// Whether a task that has not begun waits for others, rightly: one of them has not begun, or has
// not ended, or only lately, or is begun again.
bool waits_for_others(const Truth& truth, const core::GroupSpec& group,
                      const core::Allocation& copy, std::uint32_t task, Time long_ago) {
  if (task >= group.tasks.size()) return true;  // its template's record was damaged: who knows
  const auto& after = group.tasks[task].after;
  for (std::uint32_t other = 0; other < group.tasks.size(); ++other) {
    const auto awaited = after.find(group.tasks[other].name);
    if (awaited == after.end()) continue;
    if (copy.tasks[other].state == core::TaskState::restarting) return true;
    const RealAttempt* real = latest(truth, copy.id, other);
    if (real == nullptr || real->began > long_ago) return true;
    const bool is_to_be_well = awaited->second == Awaited::healthy;
    if (is_to_be_well && !real->ended &&
        copy.tasks[other].health.state != drover::Health::healthy) {
      return true;
    }
    const bool is_to_end = awaited->second == Awaited::succeeded;
    if (is_to_end ? !real->ended || *real->ended > long_ago : real->ended > long_ago) return true;
  }
  return false;
}

// Whether a task goes on beside one that has failed, in a group that ends with it.
bool outlives_group(const Truth& truth, const core::GroupSpec& group, const core::Allocation& copy,
                    Time long_ago) {
  if (group.on_task_failure != OnTaskFailure::stop_group) return false;
  for (std::uint32_t task = 0; task < copy.tasks.size(); ++task) {
    if (copy.tasks[task].state != core::TaskState::failed) continue;
    const auto real = truth.attempts.find({copy.id, task, copy.tasks[task].attempt});
    if (real != truth.attempts.end() && real->second.ended && *real->second.ended < long_ago) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<Liveness::Stage> Liveness::stages() {
  return {{kSettleTime, [] {}, [this] { before_ = disagreements(); }},
          {kAgreeTime, [] {}, [this] { check_agreement(), check_progress(); }},
          {kStopTime, [this] { world_.client().stop_all(); }, [this] { check_nothing_left(); }}};
}

// Each as a line for a person; the same line twice is the same disagreement.
std::set<std::string> Liveness::disagreements() const {
  std::set<std::string> found;
  Trace& trace = world_.trace();
  MasterProgram* master = world_.master().program();
  if (master == nullptr) return {"there is no master"};
  // What the machines run.
  std::map<AttemptId, std::uint32_t> processes;
  // An older copy of the data has had them run a second time, or one of the two not begin.
  std::set<AttemptId> twins;
  const Truth& truth = world_.oracle().truth();
  for (const auto& [id, attempt] : truth.attempts) {
    const bool may_be_two = attempt.ended && truth.is_excused(id.allocation.instance);
    if (attempt.starts > 1 || may_be_two) twins.insert(id);
    if (attempt.starts > 0 && !attempt.ended) processes[id] = attempt.machine;
  }
  // What the master says runs.
  std::map<AttemptId, NodeId> running;
  for (const auto& [id, entry] : master->state().instances) {
    for (const auto& [number, slot] : entry.slots) {
      const core::Allocation& copy = *slot.allocation;
      for (std::uint32_t task = 0; task < copy.tasks.size(); ++task) {
        if (copy.tasks[task].state != core::TaskState::running) continue;
        running[{copy.id, task, copy.tasks[task].attempt}] = *copy.node;
      }
    }
  }
  const auto& machine_of = world_.oracle().truth().machine_of;
  for (const auto& [id, machine] : processes) {
    if (twins.contains(id)) continue;
    const auto said = running.find(id);
    if (said == running.end()) {
      found.insert(trace.name(id) + " runs on n" + std::to_string(machine) +
                   ", and the master does not say so");
    } else if (machine_of.at(said->second) != machine) {
      found.insert(trace.name(id) + " runs on another node than the master says");
    }
  }
  for (const auto& [id, node] : running) {
    if (!twins.contains(id) && !processes.contains(id)) {
      found.insert(trace.name(id) + " runs, the master says, and there is no process");
    }
  }
  for (const auto& node : world_.nodes()) {
    const AgentProgram* agent = node->agent();
    const std::string name = node->machine().name();
    if (agent == nullptr || !agent->has_session()) {
      found.insert(name + " has no session");
      continue;
    }
    for (const agent::core::AttemptReport& report : agent::core::known_attempts(agent->state())) {
      const auto process = processes.find(report.id);
      const bool runs = process != processes.end() && process->second == node->machine().number;
      if (!report.end && !runs && !twins.contains(report.id)) {
        found.insert(trace.name(report.id) + " runs, " + name + " says, and there is no process");
      }
    }
    const std::int64_t steady = node->machine().clock.steady(world_.context().events.now());
    for (const auto& [due, id] : agent->state().restarts_due) {
      if (due + kRestartTime >= steady) continue;
      found.insert(trace.name(id) + " pauses on " + name + ", longer than it should");
    }
    for (const auto& [id, demand] : leaving_of(*master, *node)) {
      if (agent->state().allocations.contains(id)) continue;
      found.insert(trace.name(id) + " has left " + name + ", and the master does not know");
    }
    for (const auto& [id, holder] : agent->state().allocations) {
      const auto entry = master->state().nodes.find(node->machine().disk.node);
      if (entry == master->state().nodes.end() || !entry->second.allocations.contains(id)) {
        found.insert(trace.name(id) + " is held by " + name + ", and the master does not know");
      }
    }
    for (const auto& [id, entry] : processes) {
      if (entry != node->machine().number) continue;
      if (!agent->state().allocations.contains(id.allocation)) {
        found.insert(trace.name(id) + " runs on " + name + ", and its agent does not know");
      }
    }
    if (node->supervisor() == nullptr) continue;
    for (const std::string& key : node->supervisor()->known_keys()) {
      const auto id = AttemptId::parse(key);
      if (id && !agent->state().allocations.contains(id->allocation)) {
        found.insert(trace.name(*id) + " is kept by the supervisor of " + name +
                     ", and its agent does not know");
      }
    }
  }
  return found;
}

void Liveness::check_agreement() {
  const std::set<std::string> now = disagreements();
  for (const std::string& each : before_) {
    if (!now.contains(each)) continue;
    const std::string instance = each.substr(0, each.find_first_of(". "));
    return world_.oracle().broken(8, each, {instance, "master"});
  }
}

void Liveness::check_progress() {
  MasterProgram* master = world_.master().program();
  if (master == nullptr) return world_.oracle().broken(14, "there is no master", {"master"});
  std::map<InstanceId, std::string> stuck;
  for (const auto& [id, entry] : master->state().instances) {
    for (const auto& [number, slot] : entry.slots) {
      const core::Allocation& copy = *slot.allocation;
      if (core::is_terminal(copy)) continue;
      if (!copy.node && copy.waits_for == core::WaitReason::none) {
        stuck[id] = "has no node and does not say why";
      }
      if (!copy.node && could_be_placed(*master, entry, copy)) {
        stuck[id] = "waits for a node, and there is one";
      }
      const Truth& truth = world_.oracle().truth();
      const Time long_ago = world_.context().events.now() - kAgreeTime / 2;
      const core::GroupSpec& group = entry.spec(copy);
      if (outlives_group(truth, group, copy, long_ago)) stuck[id] = "outlives its group";
      if (core::is_unknown(copy)) stuck[id] = "is unknown though all nodes are there";
      for (std::uint32_t task = 0; task < copy.tasks.size(); ++task) {
        if (copy.node && copy.tasks[task].state == core::TaskState::waiting &&
            slot.placed.count() + kAgreeTime / 2 <
                world_.master().clock().steady(world_.context().events.now()) &&
            !waits_for_others(truth, group, copy, task, long_ago)) {
          stuck[id] = "has been placed and does not begin: " +
                      world_.trace().name(AttemptId{copy.id, task, 1});
        }
      }
    }
    if (entry.is_system() && !entry.instance->stop_requested && !entry.rollout_due) {
      for (const auto& [node_id, node] : master->state().nodes) {
        const bool takes_work = node.session && node.node->online && !node.node->drain;
        if (takes_work && !is_everywhere(entry, node)) stuck[id] = "has not one copy on each node";
      }
    }
    if (entry.instance->stop_requested && world_.oracle().truth().instances.contains(id)) {
      const auto& stopped = world_.oracle().truth().instances.at(id).stopped;
      if (stopped && *stopped + kSettleTime < world_.context().events.now()) {
        stuck[id] = "was stopped and has not ended";
      }
    }
  }
  for (const auto& [id, what] : stuck) {
    // An older copy of the data may have the same attempt live twice, and one end of it count.
    if (world_.oracle().truth().is_excused(id)) continue;
    const std::string name = world_.trace().name(id);
    return world_.oracle().broken(14, name + " " + what, {name, "master"});
  }
}

void Liveness::check_nothing_left() {
  const auto left = [this](const std::string& what, const std::string& subject) {
    world_.oracle().broken(8, "when all was stopped, " + what, {subject, "master"});
  };
  Trace& trace = world_.trace();
  const auto& truth = world_.oracle().truth();
  std::map<std::string, std::string> instances;
  for (const auto& [id, entry] : world_.master().program()->state().instances) {
    // One whose deploy was never answered is nobody's to stop; a stop may have been in a damaged
    // record.
    if (truth.instances.contains(id) && !truth.is_excused(id))
      instances[trace.name(id)] = "has not ended";
  }
  for (const auto& [name, what] : instances) return left(name + " " + what, name);
  for (const auto& [id, attempt] : truth.attempts) {
    const InstanceId& instance = id.allocation.instance;
    if (attempt.starts == 0 || attempt.ended) continue;
    if (!truth.instances.contains(instance) || truth.is_excused(instance)) continue;
    return left("the process of " + trace.name(id) + " runs on",
                trace.name(id.allocation.instance));
  }
  for (const auto& node : world_.nodes()) {
    for (const auto& [id, holder] : node->agent()->state().allocations) {
      if (!truth.instances.contains(id.instance) || truth.is_excused(id.instance)) continue;
      return left(trace.name(id) + " is still held by " + node->machine().name(),
                  trace.name(id.instance));
    }
  }
}

}  // namespace drover::sim
