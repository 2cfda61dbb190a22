#include "master/core/rollout.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/limits.h"
#include "common/planted_bug.h"
#include "master/core/choice.h"
#include "master/core/copies.h"
#include "master/core/instances.h"
#include "master/core/placing.h"
#include "master/core/rollout_plan.h"

namespace drover::core {
namespace {

class Advance {
 public:
  Advance(Edit& edit, InstanceEntry& entry) : edit_(edit), entry_(entry) {}

  void run() {
    Plan plan = plan_of(edit_.state(), entry_);
    if (const auto why = why_revert(plan)) {
      revert(*why);
      plan = plan_of(edit_.state(), entry_);
    }
    for (const std::uint32_t slot : plan.unwanted) end(slot);
    for (std::uint32_t group = 0; group < plan.roles.size(); ++group) {
      advance_group(group, plan.roles[group]);
    }
    if (!busy_) finish();
  }

  // Of a system instance. What is outdated waits for its turn among all nodes.
  void line_up(const NodeEntry& node) {
    const Plan plan = plan_of(entry_, node);
    for (const std::uint32_t slot : plan.unwanted) end(slot);
    for (std::uint32_t group = 0; group < plan.roles.size(); ++group) {
      for (const Role& role : plan.roles[group]) {
        if (role.is_empty()) add(group, role, std::nullopt);
        // Where all nodes come back at once, one look at them is enough.
        if (!role.outdated.empty() && !entry_.rollout_due) begin_rollout(edit_.state(), entry_);
      }
    }
  }

 private:
  std::chrono::milliseconds now() const { return edit_.now().steady; }
  const GroupSpec& spec(std::uint32_t group) const { return entry_.from->spec.groups[group]; }

  void end(std::uint32_t slot) {
    busy_ = true;
    retire(edit_, entry_, slot, Retirement::replaced);
  }

  void advance_group(std::uint32_t group, const std::vector<Role>& roles) {
    auto in_flight = static_cast<std::uint32_t>(std::count_if(
        roles.begin(), roles.end(), [&](const Role& role) { return is_in_flight(group, role); }));
    busy_ = busy_ || in_flight > 0;
    for (const Role& role : roles) advance_role(group, role, in_flight);
  }

  // A pinned copy takes the place of another one when that has gone, and is in flight from then on.
  bool is_in_flight(std::uint32_t group, const Role& role) {
    if (role.is_in_flight() || !role.pinned || !is_updating()) return role.is_in_flight();
    if (role.is_empty()) return true;
    if (role.staying.empty()) return false;
    const Slot& slot = entry_.slots.at(role.staying[0]);
    if (slot.made < entry_.rollout_began || waits_for_its_node(entry_, *slot.allocation))
      return false;
    return !has_proved_well(role.staying[0], group);
  }

  bool goes_first(std::uint32_t group, const Role& role) const {
    if (role.pinned && planted(PlantedBug::double_system)) return false;
    return spec(group).is_exclusive() || role.pinned;
  }

  void advance_role(std::uint32_t group, const Role& role, std::uint32_t& in_flight) {
    if (role.staying.size() > 1) return keep_one(role);
    if (!role.outdated.empty() && !role.staying.empty()) {
      busy_ = true;
      const bool well = has_proved_well(role.staying[0], group);
      for (const std::uint32_t slot : role.outdated) {
        // What was to take the place of the one that stays has no purpose any more.
        if (well || copy(slot).replaces == role.staying[0]) end(slot);
      }
      return;
    }
    if (!role.outdated.empty()) {
      busy_ = true;
      if (role.is_in_flight() || in_flight >= spec(group).max_parallel()) return;
      if (role.pinned && !edit_.state().placement.find(*role.pinned)) return;  // not now
      ++in_flight;
      if (role.pinned && copy(role.outdated[0]).node) entry_.ended_for_update.insert(*role.pinned);
      goes_first(group, role) ? end(role.outdated[0]) : add(group, role, role.outdated[0]);
    } else if (role.staying.empty() && (role.leaving.empty() || !goes_first(group, role))) {
      add(group, role, std::nullopt);
    } else if (!role.staying.empty() && is_updating() && is_waited_for(role)) {
      busy_ = true;
    }
  }

  // Whether an update is not over before the copy that stays is well.
  bool is_waited_for(const Role& role) const {
    const Allocation& staying = copy(role.staying[0]);
    return !is_well(entry_, staying) && !waits_for_its_node(entry_, staying);
  }

  // What was to replace another one is not needed after all: that one may stay.
  void keep_one(const Role& role) {
    for (std::size_t i = 1; i < role.staying.size(); ++i) end(role.staying[i]);
  }

  const Allocation& copy(std::uint32_t slot) const { return *entry_.slots.at(slot).allocation; }

  bool has_proved_well(std::uint32_t number, std::uint32_t group) {
    Slot& slot = entry_.slots.at(number);
    if (planted(PlantedBug::hurry_rollout)) return true;
    if (!is_well(entry_, *slot.allocation)) {
      slot.well_since.reset();
      return false;
    }
    if (!slot.well_since) slot.well_since = now();
    return now() - *slot.well_since >= spec(group).min_healthy_time();
  }

  void add(std::uint32_t group, const Role& role, std::optional<std::uint32_t> replaces) {
    busy_ = true;
    const std::uint32_t number = new_slot();
    // The index stays with the node, as long as there is something of the instance on it.
    const std::uint32_t index = role.pinned && role.is_empty() ? number : role.index;
    Allocation copy = first_copy(*entry_.from, entry_.instance->id, number, {group, index});
    copy.replaces = replaces;
    copy.pinned = role.pinned;
    Choice choice(edit_.state(), entry_, copy, edit_.now());
    place(edit_, entry_, std::move(copy), choice);
  }

  // Whoever goes on with the instance settles it, and so puts it once for all new slots: with one
  // on every node there are many.
  std::uint32_t new_slot() {
    Instance instance = *entry_.instance;
    const std::uint32_t number = instance.slot_count++;
    std::vector<SlotRange>& slots = instance.slots;
    if (!slots.empty() && slots.back().first + slots.back().count == number) {
      ++slots.back().count;
    } else {
      slots.push_back({number, 1});
    }
    entry_.instance = std::make_shared<const Instance>(std::move(instance));
    entry_.slots_added = true;
    entry_.slots[number].made = now();
    return number;
  }

  bool is_updating() const {
    const auto& rollout = entry_.instance->rollout;
    return rollout && is_under_way(rollout->state);
  }

  std::optional<std::string> why_revert(const Plan& plan) const {
    if (!is_updating()) return std::nullopt;
    for (std::uint32_t group = 0; group < plan.roles.size(); ++group) {
      for (const Role& role : plan.roles[group]) {
        for (const std::uint32_t number : role.staying) {
          const Slot& slot = entry_.slots.at(number);
          if (slot.made < entry_.rollout_began) continue;  // it was well before
          const bool late = !is_well(entry_, *slot.allocation) &&
                            !waits_for_its_node(entry_, *slot.allocation) &&
                            now() - slot.made >= spec(group).healthy_deadline();
          if (!late && !has_failed(*slot.allocation)) continue;
          return "copy " + std::to_string(slot.allocation->role.index) + " of group '" +
                 spec(group).name_or(group) + "' " +
                 (late ? "was not well within its healthy_deadline" : "has failed");
        }
      }
    }
    return std::nullopt;
  }

  void put_rollout(RolloutState state, std::string reason) {
    Instance instance = *entry_.instance;
    instance.rollout->state = state;
    instance.rollout->since = edit_.now().unix_ms;
    if (!reason.empty()) instance.rollout->reason = std::move(reason);
    edit_.put(entry_, std::move(instance));
  }

  void revert(const std::string& why) {
    const Rollout rollout = *entry_.instance->rollout;
    const auto old = entry_.others.find(rollout.from_version);
    if (rollout.state == RolloutState::reverting || old == entry_.others.end()) {
      return put_rollout(RolloutState::failed, rollout.reason + "; then " + why);
    }
    const Ptr<Template> abandoned = std::exchange(entry_.from, old->second);
    entry_.others.erase(old);
    entry_.others[abandoned->version] = abandoned;
    entry_.rollout_began = now();
    entry_.ended_for_update.clear();
    Instance instance = *entry_.instance;
    instance.template_version = entry_.from->version;
    edit_.put(entry_, std::move(instance));
    put_rollout(RolloutState::reverting, why);
  }

  void finish() {
    if (is_updating()) {
      const bool reverted = entry_.instance->rollout->state == RolloutState::reverting;
      put_rollout(reverted ? RolloutState::reverted : RolloutState::updated, "");
    }
    entry_.ended_for_update.clear();
    std::erase_if(entry_.others, [this](const auto& other) {
      return std::none_of(entry_.slots.begin(), entry_.slots.end(), [&](const auto& slot) {
        return slot.second.allocation->version == other.first;
      });
    });
    leave_rollout(edit_.state(), entry_);
  }

  Edit& edit_;
  InstanceEntry& entry_;
  bool busy_ = false;  // there will be something left to do
};

void advance(Edit& edit, const InstanceId& id) {
  const auto found = edit.state().instances.find(id);
  if (found == edit.state().instances.end() || !found->second.rollout_due) return;
  InstanceEntry& entry = found->second;
  if (!entry.from || entry.instance->stop_requested) {
    leave_rollout(edit.state(), entry);
  } else {
    Advance(edit, entry).run();
  }
  settle(edit, id);
}

void plan_rollout(State& state, InstanceEntry& entry, std::chrono::milliseconds due) {
  leave_rollout(state, entry);
  entry.rollout_due = due;
  state.rollouts.emplace(due, entry.instance->id);
}

}  // namespace

void begin_rollout(State& state, InstanceEntry& entry) {
  plan_rollout(state, entry, std::chrono::milliseconds(0));
  state.touched.insert(entry.instance->id);
}

void leave_rollout(State& state, InstanceEntry& entry) {
  if (!entry.rollout_due) return;
  state.rollouts.erase({*entry.rollout_due, entry.instance->id});
  entry.rollout_due.reset();
}

void line_up(Edit& edit, InstanceEntry& entry, const NodeEntry& node) {
  const InstanceId id = entry.instance->id;
  if (!entry.from || entry.instance->stop_requested) return;
  Advance(edit, entry).line_up(node);
  settle(edit, id);
}

void advance_touched(Edit& edit) {
  for (const InstanceId& id : std::exchange(edit.state().touched, {})) advance(edit, id);
  // What these steps have brought about is looked at with the next tick.
  edit.state().touched.clear();
}

void look_at_rollouts(Edit& edit) {
  State& state = edit.state();
  const auto now = edit.now().steady;
  while (!state.rollouts.empty() && state.rollouts.begin()->first <= now) {
    InstanceEntry& entry = state.instances.at(state.rollouts.begin()->second);
    const InstanceId id = entry.instance->id;
    plan_rollout(state, entry, now + limits::kRolloutPeriod);
    advance(edit, id);
  }
}

void retire(Edit& edit, InstanceEntry& entry, std::uint32_t slot, Retirement kind) {
  Allocation after = *entry.slots.at(slot).allocation;
  if (after.retirement == kind || after.retirement == Retirement::replaced) return;
  if (is_terminal(after)) {
    // There is nothing left to end.
    if (kind == Retirement::replaced) drop_slot(edit, entry, after);
    return;
  }
  after.retirement = kind;
  const AllocationId id = after.id;
  const Ptr<Allocation> original = after.original;
  edit.put(entry, std::move(after));
  if (original) happen(edit, original->id, Event::stop_wished);
  happen(edit, id, Event::stop_wished);
}

}  // namespace drover::core
