// 16: what has ended by itself is not run again sooner than after the first pause.
#include <algorithm>

#include "common/limits.h"
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class Backoff final : public Invariant {
 public:
  explicit Backoff(Watch watch) : Invariant(watch, 16) {}

  void process_began(const ProcessBegan& fact) override {
    const core::Allocation* copy = truth().records.present(fact.id.allocation);
    if (copy == nullptr || copy->id != fact.id.allocation || copy->former.empty()) return;
    const core::FormerCopy& before = copy->former.back();
    if (truth().is_excused(copy->id.instance) || before.generation + 1 != copy->id.generation ||
        !ended_by_itself(before.end)) {
      return;
    }
    const auto ended = last_end({copy->id.instance, copy->id.slot, before.generation});
    // Clocks do not run alike.
    const std::chrono::milliseconds pause = limits::kBackoffFirst;
    if (!ended || now() - *ended >= pause.count() * 99 / 100) return;
    broken(name(fact.id) + " begins " + std::to_string(now() - *ended) +
               " ms after the copy before it has ended",
           {name(copy->id.instance), "n" + std::to_string(fact.machine), "master"});
  }

 private:
  static bool ended_by_itself(const core::TaskEnd& end) {
    return !end.fenced && end.reason != EndReason::stop &&
           (end.kind == core::EndKind::exited || end.kind == core::EndKind::signaled ||
            end.kind == core::EndKind::spawn_failed);
  }

  // Nothing, if a process of it was ended by others.
  std::optional<Time> last_end(const AllocationId& id) const {
    std::optional<Time> last;
    for (auto attempt = truth().attempts.lower_bound({id, 0, 0});
         attempt != truth().attempts.end() && attempt->first.allocation == id; ++attempt) {
      const RealAttempt& real = attempt->second;
      if (!real.ended || real.end.kind == RealEnd::Kind::signalled) return std::nullopt;
      last = std::max(last.value_or(0), *real.ended);
    }
    return last;
  }
};

}  // namespace

std::unique_ptr<Invariant> backoff(Watch watch) { return std::make_unique<Backoff>(watch); }

}  // namespace drover::sim
