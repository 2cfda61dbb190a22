#include "master/core/instances.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/check.h"
#include "common/limits.h"
#include "common/planted_bug.h"
#include "master/core/copies.h"
#include "master/core/parameters.h"
#include "master/core/placing.h"
#include "master/core/rollout.h"
#include "master/core/templates.h"

namespace drover::core {

const Ptr<Template>& InstanceEntry::source(const Allocation& copy) const {
  static const Ptr<Template> kNone;
  if (!from || from->version == copy.version) return from;
  const auto other = others.find(copy.version);
  return other == others.end() ? kNone : other->second;
}

const GroupSpec& InstanceEntry::spec(const Allocation& copy) const {
  static const GroupSpec kUnreadable;
  const Ptr<Template>& of = source(copy);
  const std::uint32_t group = copy.role.group;
  return of && group < of->spec.groups.size() ? of->spec.groups[group] : kUnreadable;
}

const Allocation* InstanceEntry::replacement_of(std::uint32_t slot) const {
  for (const auto& [number, other] : slots) {
    if (other.allocation->replaces == slot) return other.allocation.get();
  }
  return nullptr;
}

void InstanceEntry::drop(std::uint32_t slot) {
  const Allocation& copy = *slots.at(slot).allocation;
  if (copy.pinned) {
    std::vector<std::uint32_t>& there = pinned.at(*copy.pinned);
    std::erase(there, slot);
    if (there.empty()) pinned.erase(*copy.pinned);
  }
  tally.remove(copy);
  slots.erase(slot);
  slots_changed = true;
}

void InstanceEntry::fill(Ptr<Allocation> copy) {
  Ptr<Allocation>& place = slots.at(copy->id.slot).allocation;
  if (place) tally.remove(*place);
  if (!place && copy->pinned) pinned[*copy->pinned].push_back(copy->id.slot);
  tally.add(*copy);
  place = std::move(copy);
}

void place_first_copies(Edit& edit, InstanceEntry& entry, const InstanceId& id,
                        std::uint32_t slot) {
  const TemplateSpec& spec = entry.from->spec;
  for (std::uint32_t next = 0; next < spec.slots(); ++next) {
    entry.slots[slot + next].made = edit.now().steady;
  }
  entry.slots_changed = true;
  std::vector<Allocation> gang;
  for (std::uint32_t group = 0; group < spec.groups.size(); ++group) {
    Choice choice(edit.state(), entry, entry.from, group, edit.now());
    for (std::uint32_t index = 0; index < spec.groups[group].copies(); ++index) {
      Allocation copy = first_copy(*entry.from, id, slot++, {group, index});
      if (spec.gang.value_or(false)) {
        gang.push_back(std::move(copy));
      } else {
        place(edit, entry, std::move(copy), choice);
      }
    }
  }
  if (!gang.empty()) place_gang(edit, entry, std::move(gang));
}

namespace {

Reply repeat(const Deploy& command) {
  if (command.earlier->digest != command.digest) return {ReplyCode::key_reused};
  return {ReplyCode::ok, {}, {}, command.earlier->instance};
}

}  // namespace

Reply deploy(Edit& edit, const Deploy& command) {
  if (command.earlier) return repeat(command);
  const Ptr<Template> found = find_template(edit.state(), command.template_name);
  if (!found) return {ReplyCode::unknown_template};
  if (auto problem = check_values(found->spec, command.parameters)) {
    return {ReplyCode::wrong_parameter, std::move(problem->what), std::move(problem->parameter)};
  }
  make_instance(edit, command.id, found, with_defaults(found->spec, command.parameters),
                std::nullopt);
  if (!command.key.empty()) edit.use({command.key, command.digest, command.id});
  return {ReplyCode::ok, {}, {}, command.id};
}

void make_instance(Edit& edit, const InstanceId& id, const Ptr<Template>& unresolved,
                   ParameterValues parameters, std::optional<UnixMs> scheduled_for) {
  const Ptr<Template> from = resolve(unresolved, parameters);
  InstanceEntry& entry = edit.state().instances[id];
  DROVER_CHECK(!entry.instance, "the id of a new instance must be new");
  entry.from = from;
  const std::uint32_t slots = entry.is_system() ? 0 : from->spec.slots();
  if (!entry.is_system()) place_first_copies(edit, entry, id, 0);

  Instance instance;
  instance.id = id;
  instance.template_name = from->spec.name;
  instance.template_version = from->version;
  instance.parameters = std::move(parameters);
  instance.slot_count = slots;
  instance.created_at = edit.now().unix_ms;
  instance.state_since = edit.now().unix_ms;
  instance.scheduled_for = scheduled_for;
  entry.instance = std::make_shared<const Instance>(instance);  // which derive_state asks
  instance.state = derive_state(entry);
  edit.put(entry, std::move(instance));
  if (scheduled_for) edit.state().scheduled.emplace(from->spec.name, id);
  if (!entry.is_system()) return;
  edit.state().systems.insert(id);
  begin_rollout(edit.state(), entry);
}

Reply stop(Edit& edit, const Stop& command) {
  const auto found = edit.state().instances.find(command.id);
  if (found == edit.state().instances.end()) return {ReplyCode::unknown_instance};
  InstanceEntry& entry = found->second;
  if (entry.instance->stop_requested) return {ReplyCode::ok};

  Instance instance = *entry.instance;
  instance.stop_requested = true;
  if (planted(PlantedBug::forget_stop)) return {ReplyCode::ok};
  // Not put yet: the wish changes the state, and settle() below puts both as one record.
  entry.instance = std::make_shared<const Instance>(std::move(instance));
  // By value: a slot may go.
  std::vector<Ptr<Allocation>> copies;
  for (const auto& [number, slot] : entry.slots) copies.push_back(slot.allocation);
  for (const Ptr<Allocation>& copy : copies) {
    if (copy->original) happen(edit, copy->original->id, Event::stop_wished);
    happen(edit, copy->id, Event::stop_wished);
  }
  settle(edit, command.id);
  return {ReplyCode::ok};
}

Reply forget(Edit& edit, const ForgetInstance& command) {
  if (edit.state().instances.contains(command.id)) return {ReplyCode::not_over};
  edit.forget(command.id, command.template_name);
  return {ReplyCode::ok};
}

void apply_reports(Edit& edit, NodeEntry& node, const std::vector<AttemptReport>& reports) {
  for (std::size_t first = 0; first < reports.size();) {
    // Reports of one allocation that follow each other make one new record.
    const AllocationId id = reports[first].id.allocation;
    std::size_t last = first;
    while (last < reports.size() && reports[last].id.allocation == id) ++last;
    happen(edit, id, Event::reported, &node, std::span(reports).subspan(first, last - first));
    settle(edit, id.instance);
    first = last;
  }
}

void settle(Edit& edit, const InstanceId& id) {
  const auto found = edit.state().instances.find(id);
  if (found == edit.state().instances.end()) return;
  InstanceEntry& entry = found->second;
  // With a copy on every node, a look at all of them for each event would be one look too many:
  // their time comes soon.
  if (entry.rollout_due && !entry.is_system()) edit.state().touched.insert(id);
  const InstanceState state = derive_state(entry);
  if (state != entry.instance->state || entry.slots_changed || entry.slots_added) {
    Instance instance = *entry.instance;
    if (state != instance.state) instance.state_since = edit.now().unix_ms;
    instance.state = state;
    edit.put(entry, std::move(instance));
  }
  if (!is_terminal(state)) return;
  leave_rollout(edit.state(), entry);
  edit.finish(id);
}

InstanceState derive_state(const InstanceEntry& entry) {
  // A service that was scaled to nothing, a system instance that no node fits.
  if (entry.slots.empty() && !entry.instance->stop_requested) return InstanceState::running;
  if (entry.slots.empty()) return InstanceState::stopped;
  const TaskTally& tasks = entry.tally;
  const bool waiting = tasks.has(TaskState::waiting);
  const bool unknown = tasks.has(TaskState::unknown);
  const bool failed = tasks.has(TaskState::failed);
  const bool lost = tasks.has(TaskState::lost);
  const bool restarting = tasks.has(TaskState::restarting);
  if (waiting || unknown || restarting || tasks.has(TaskState::running)) {
    if (entry.instance->stop_requested) return InstanceState::stopping;
    if (failed || lost || unknown || restarting || tasks.has_unhealthy()) {
      return InstanceState::degraded;
    }
    if (tasks.has_unplaced()) return InstanceState::pending;
    return waiting ? InstanceState::starting : InstanceState::running;
  }
  // There may be nodes that join.
  if (entry.is_system() && !entry.instance->stop_requested) {
    return failed || lost ? InstanceState::degraded : InstanceState::running;
  }
  if (lost) return InstanceState::lost;
  if (tasks.has(TaskState::stopped)) return InstanceState::stopped;
  if (failed) return InstanceState::failed;
  return InstanceState::completed;
}

}  // namespace drover::core
