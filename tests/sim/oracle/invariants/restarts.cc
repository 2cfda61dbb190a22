// 16: a task is begun again in place only after what its template says, not before its pause is
// over, and no more often than it may.
#include <algorithm>
#include <map>
#include <vector>

#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

// Clocks do not run alike.
Time at_least(std::chrono::milliseconds duration) { return duration.count() * 98 / 100; }

class Restarts final : public Invariant {
 public:
  explicit Restarts(Watch watch) : Invariant(watch, 16) {}

  // The first time that an agent asks for it is when it is begun: it may not be heard.
  void agent_asks(std::uint32_t machine, const agent::core::SupervisorRequest& request) override {
    const auto* spawn = std::get_if<agent::core::SpawnAttempt>(&request);
    if (spawn == nullptr || spawn->id.attempt == 1 || !is_judged(machine, spawn->id)) return;
    const RestartSpec spec = truth().task(spawn->id)->restart.value_or(RestartSpec());
    auto& begun = begun_[{spawn->id.allocation, spawn->id.task}];
    if (!begun.empty() && begun.back().first >= spawn->id.attempt) return;
    begun.emplace_back(spawn->id.attempt, now());
    const auto counted = std::count_if(begun.begin(), begun.end(), [&](const auto& each) {
      return each.second > now() - at_least(spec.window());
    });
    if (counted > spec.most()) {
      broken(name(spawn->id) + " is restart " + std::to_string(counted) + " within " +
                 std::to_string(spec.window().count()) + " ms; there may be " +
                 std::to_string(spec.most()),
             subjects(machine, spawn->id));
    }
    check_before(machine, spawn->id, spec);
  }

 private:
  bool is_judged(std::uint32_t machine, const AttemptId& id) const {
    return truth().task(id) != nullptr && !truth().is_excused(id.allocation.instance) &&
           !truth().cloned.contains(machine);
  }

  Subjects subjects(std::uint32_t machine, const AttemptId& id) {
    return {name(id.allocation.instance), "n" + std::to_string(machine)};
  }

  // What it follows has ended in a way after which it may be begun again, and for long enough.
  void check_before(std::uint32_t machine, const AttemptId& id, const RestartSpec& spec) {
    const AttemptId before{id.allocation, id.task, id.attempt - 1};
    const auto found = truth().attempts.find(before);
    const RealAttempt* real = found == truth().attempts.end() ? nullptr : &found->second;
    if (real == nullptr || !real->ended) {
      return broken(name(id) + " is begun, and the attempt before it has not ended",
                    subjects(machine, id));
    }
    if (const char* why = not_to_follow(before, real->end, spec)) {
      return broken(name(id) + " is begun, and the attempt before it " + why,
                    subjects(machine, id));
    }
    const Time paused = now() - *real->ended;
    if (paused >= at_least(spec.pause(0))) return;
    broken(name(id) + " is begun " + std::to_string(paused) +
               " ms after the attempt before it has ended",
           subjects(machine, id));
  }

  const char* not_to_follow(const AttemptId& id, const RealEnd& end,
                            const RestartSpec& spec) const {
    if (end.kind == RealEnd::Kind::not_spawned) return "could not be executed";
    if (end.by_supervisor_death) return "was lost with its supervisor";
    const TaskSpec& task = *truth().task(id);
    const bool is_good = end.kind == RealEnd::Kind::exited && task.is_success(end.code);
    // After a timeout, or for its health, it has failed all the same.
    const bool may_be_ended = task.timeout || task.health;
    if (is_good && !may_be_ended && spec.policy == RestartPolicy::on_failure) return "succeeded";
    return nullptr;
  }

  std::map<std::pair<AllocationId, std::uint32_t>, std::vector<std::pair<std::uint32_t, Time>>>
      begun_;  // attempts after the first, and when
};

}  // namespace

std::unique_ptr<Invariant> restarts(Watch watch) { return std::make_unique<Restarts>(watch); }

}  // namespace drover::sim
