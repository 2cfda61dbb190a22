// The lease: until when the exclusive allocations of this node may live without a word of the
// master. Past it the master may place them elsewhere, so they end here, by themselves.
#include <utility>

#include "agent/core/machine.h"
#include "common/planted_bug.h"

namespace drover::agent::core {

void Machine::on(const LeaseRenewed& input) {
  // A lease that ran out for a moment has run out: it is not mended.
  look_at_lease();
  if (input.epoch < state_.highest_epoch || !is_present(input.session)) return;
  if (state_.lease_end && input.until_ms <= *state_.lease_end) return;
  state_.lease_end = input.until_ms;
  if (!state_.leased.empty()) tell_fence();
  if (!planted(PlantedBug::renew_fenced)) return;
  for (auto& [allocation_id, allocation] : state_.allocations) {
    if (!allocation.fenced) continue;
    for_each_attempt(allocation, [this](const AttemptId& id, Attempt& attempt) {
      state_.set_kill_due(id, attempt, std::nullopt);
    });
  }
}

void Machine::look_at_lease() {
  if (!state_.lease_end || has_lease()) return;
  const std::set<AllocationId> leased = state_.leased;  // fence() takes them out
  for (const AllocationId& id : leased) fence(id);
}

void Machine::fence(const AllocationId& id) {
  note(true, "lease is over, exclusive allocation ended", {{"allocation", id.text()}});
  record(FenceRecord{id});
  if (planted(PlantedBug::ignore_fence)) return;
  for_each_attempt(*state_.allocation(id), [this](const AttemptId& attempt_id, Attempt& attempt) {
    // An agent that comes late has less time left to be gentle.
    stop(attempt_id, attempt, *state_.lease_end);
  });
}

// What the supervisor does not get to hear in time, it does without: it knows the fence.
void Machine::tell_fence() {
  if (!state_.supervisor || !has_lease() || state_.fence == state_.lease_end) return;
  state_.fence = state_.lease_end;
  request(SetFence{*state_.lease_end});
}

// Kept until a lease comes, it could begin beside a copy that was placed elsewhere meanwhile: the
// word that renews a lease may come before the one that removes the allocation.
void Machine::withhold(const AttemptId& id, Attempt& attempt) {
  note(true, "exclusive attempt not started, there is no lease", {{"attempt", id.text()}});
  finish(id, attempt, now_.unix_ms, NeverStarted{}, {.fenced = true});
}

}  // namespace drover::agent::core
