// 13: what is recorded of an end is what really happened, or that nobody knows; never a success
// that was none.
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class TrueEnds final : public Invariant {
 public:
  explicit TrueEnds(Watch watch) : Invariant(watch, 13) {}

  void committed(const core::Changes& changes) override {
    for (const auto& record : changes.allocations) check(*record);
    for (const auto& ended : changes.finished) {
      for (const auto& record : ended.allocations) check(*record);
    }
  }

  // What an agent has known once it does not take back, unless its machine was restarted.
  void agent_reports(std::uint32_t machine, const agent::core::AttemptReport& report) override {
    if (!report.end) return;
    // What was not taken is not held, and may be sent again.
    if (std::holds_alternative<agent::core::NeverStarted>(report.end->cause)) return;
    const auto* lost = std::get_if<agent::core::Lost>(&report.end->cause);
    if (lost == nullptr) {
      known_.insert({machine, report.id});
    } else if (lost->why != "the node restarted" && known_.contains({machine, report.id}) &&
               !truth().damaged_journals.contains(machine) &&
               !truth().is_excused(report.id.allocation.instance)) {
      broken("n" + std::to_string(machine) + " has forgotten how " + name(report.id) + " ended",
             {name(report.id.allocation.instance), "n" + std::to_string(machine)});
    }
  }

  // It was said that there never was a process.
  void process_began(const ProcessBegan& fact) override {
    if (!never_started_.contains({fact.id.allocation, fact.id.task})) return;
    if (truth().is_excused(fact.id.allocation.instance)) return;
    broken(name(fact.id) + " begins although its end was recorded as never started",
           {name(fact.id.allocation.instance), "n" + std::to_string(fact.machine)});
  }

 private:
  static bool is_success(const TaskSpec& task, const core::TaskEnd& end) {
    return end.kind == core::EndKind::exited && end.reason != EndReason::timeout &&
           end.reason != EndReason::group && end.reason != EndReason::unhealthy &&
           task.is_success(end.code);
  }

  // Nobody but its agent sends a process a signal, and a timeout is none before its time.
  bool is_reason_true(const AttemptId& id, const RealAttempt& real,
                      const core::TaskEnd& end) const {
    if (truth().damaged_journals.contains(real.machine) || truth().cloned.contains(real.machine)) {
      return true;
    }
    if (end.kind == core::EndKind::signaled && end.reason == EndReason::itself) return false;
    if (end.reason != EndReason::timeout || !real.ended) return true;
    const TaskSpec* task = truth().task(id);
    return task == nullptr ||
           (task->timeout && *real.ended - real.began >= task->timeout->count() * 99 / 100);
  }

  void check(const core::Allocation& record) {
    if (truth().is_excused(record.id.instance)) return;
    for (std::uint32_t task = 0; task < record.tasks.size(); ++task) {
      const core::TaskStatus& status = record.tasks[task];
      const bool has_ended =
          core::is_terminal(status.state) || status.state == core::TaskState::restarting;
      if (has_ended) check({record.id, task, status.attempt}, status);
      for (const core::FormerAttempt& each : status.previous) {
        core::TaskStatus former;
        former.state = core::TaskState::restarting;
        former.attempt = each.attempt;
        former.end = each.end;
        check({record.id, task, each.attempt}, former);
      }
    }
  }

  void check(const AttemptId& id, const core::TaskStatus& status) {
    const auto found = truth().attempts.find(id);
    const RealAttempt* real = found == truth().attempts.end() ? nullptr : &found->second;
    const std::string recorded = std::string(core::to_string(status.state)) + ", kind " +
                                 std::to_string(static_cast<int>(status.end.kind)) + ", code " +
                                 std::to_string(status.end.code) + ", reason " +
                                 to_string(status.end.reason);
    if (is_true(id, real, status)) return;
    broken("of " + name(id) + " it is recorded: " + recorded + "; that is not so",
           {name(id.allocation.instance), "master",
            real == nullptr ? "" : "n" + std::to_string(real->machine)});
  }

  bool is_true(const AttemptId& id, const RealAttempt* real, const core::TaskStatus& status) {
    const bool is_good = status.state == core::TaskState::succeeded;
    if (is_good && status.end.kind != core::EndKind::exited) return false;
    // Which codes count is known of what was acknowledged.
    const bool is_judged = is_good || status.state == core::TaskState::failed;
    const TaskSpec* task = truth().task(id);
    if (is_judged && task != nullptr && is_success(*task, status.end) != is_good) return false;
    if (real != nullptr && !is_reason_true(id, *real, status.end)) return false;
    const bool ended = real != nullptr && real->ended.has_value();
    switch (status.end.kind) {
      case core::EndKind::none:
        return false;
      case core::EndKind::lost:
        return true;
      case core::EndKind::never_started:
        if (status.attempt != 0) never_started_.insert({id.allocation, id.task});
        return real == nullptr || real->starts == 0 || status.attempt == 0;
      case core::EndKind::exited:
        return ended && real->end.kind == RealEnd::Kind::exited &&
               real->end.code == status.end.code;
      case core::EndKind::signaled:
        return ended && real->end.kind == RealEnd::Kind::signalled &&
               real->end.code == status.end.code && !real->end.by_supervisor_death;
      case core::EndKind::spawn_failed:
        return ended && real->end.kind == RealEnd::Kind::not_spawned &&
               real->end.code == status.end.code;
    }
    return false;
  }

  std::set<std::pair<AllocationId, std::uint32_t>> never_started_;
  std::set<std::pair<std::uint32_t, AttemptId>> known_;
};

}  // namespace

std::unique_ptr<Invariant> true_ends(Watch watch) { return std::make_unique<TrueEnds>(watch); }

}  // namespace drover::sim
