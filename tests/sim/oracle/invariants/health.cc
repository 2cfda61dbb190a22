// 24: what its checks say of a task is what they have really found: nothing is ended as unhealthy,
// or called so, on fewer failures than its template asks for, and nothing is called healthy that
// has passed no check.
#include <algorithm>
#include <deque>

#include "common/endpoint.h"
#include "tests/sim/node/task.h"
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

using agent::core::CheckId;

// Checks beyond those that are needed which may have come to nothing: one whose request was lost,
// and one that is under way.
constexpr std::size_t kUnsettled = 2;

// For a check's beginning and end to be heard, and for the longest check over the network.
constexpr Time kOnItsWay = 200;
constexpr Time kClocksDiffer = 20;
constexpr Time kLongestProbe = 310;

// What a check can come to: both, where its answer comes about when its time is over.
struct Outcome {
  bool may_pass = false;
  bool may_fail = false;
};

class HealthTruth final : public Invariant {
 public:
  explicit HealthTruth(Watch watch) : Invariant(watch, 24) {}

  void agent_starts(std::uint32_t machine, const agent::core::Recovered&) override {
    begun_.erase(begun_.lower_bound({machine, AttemptId{}}),
                 begun_.lower_bound({machine + 1, AttemptId{}}));
  }

  void agent_asks(std::uint32_t machine, const agent::core::SupervisorRequest& request) override {
    if (const auto* check = std::get_if<agent::core::SpawnCheck>(&request)) {
      begun(machine, check->id, *check->spec);
    }
  }

  void agent_stepped(std::uint32_t machine, const agent::core::Input&,
                     const agent::core::Output& output) override {
    for (const agent::core::Probe& probe : output.probes) begun(machine, probe.id, *probe.spec);
    for (const agent::core::AttemptReport& report : output.reports) {
      if (report.health) judge(machine, report.id, report.health->health);
    }
  }

 private:
  void begun(std::uint32_t machine, const CheckId& id, const agent::core::AllocationSpec& spec) {
    const HealthSpec& health = *spec.tasks[id.attempt.task].health;
    std::deque<Outcome>& checks = begun_[{machine, id.attempt}];
    checks.push_back(outcome_of(health, id));
    const std::size_t needed = std::max(health.passes_needed(), health.failures_needed());
    if (checks.size() > needed + kUnsettled) checks.pop_front();
  }

  static Outcome outcome_of(const HealthSpec& health, const CheckId& id) {
    const Time limit = health.time_limit().count();
    if (health.tcp) {
      const bool passes = check_passes(parse_endpoint(*health.tcp)->port, id.text());
      return {passes, !passes || limit <= kLongestProbe};
    }
    std::vector<std::string> arguments{*health.command};
    arguments.insert(arguments.end(), health.args->begin(), health.args->end());
    const TaskBehaviour check = behaviour_of(arguments);
    const bool passes = check.runs_ms > 0 && check_passes(check.exit_code, id.text());
    return {passes && check.runs_ms < limit + kClocksDiffer,
            !passes || check.runs_ms + kOnItsWay >= limit};
  }

  void judge(std::uint32_t machine, const AttemptId& id, drover::Health health) {
    const TaskSpec* task = truth().task(id);
    if (task == nullptr || !task->health || health == drover::Health::unknown) return;
    const bool is_well = health == drover::Health::healthy;
    // While agent or supervisor stand still no check is heard, or killed, in time.
    if (!hears_in_time(machine)) return;
    const std::deque<Outcome>& checks = begun_[{machine, id}];
    const auto found = static_cast<std::size_t>(std::count_if(
        checks.begin(), checks.end(),
        [is_well](const Outcome& each) { return is_well ? each.may_pass : each.may_fail; }));
    const std::size_t needed =
        is_well ? task->health->passes_needed() : task->health->failures_needed();
    if (found >= needed) return;
    broken(name(id) + " is called " + to_string(health) + ", and of its last " +
               std::to_string(checks.size()) + " checks only " + std::to_string(found) +
               " can have said so",
           {name(id.allocation.instance), "n" + std::to_string(machine)});
  }

  bool hears_in_time(std::uint32_t machine) const {
    const auto node = truth().nodes.find(machine);
    if (node == truth().nodes.end()) return true;
    using enum Trouble;
    const auto calm =
        node->second.free_of({no_agent, frozen, no_supervisor, supervisor_frozen, off});
    return calm && now() - *calm > 60'000;
  }

  // What each check will say, the latest last.
  std::map<std::pair<std::uint32_t, AttemptId>, std::deque<Outcome>> begun_;
};

}  // namespace

std::unique_ptr<Invariant> health(Watch watch) { return std::make_unique<HealthTruth>(watch); }

}  // namespace drover::sim
