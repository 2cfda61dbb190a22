// What an operator asks of what is kept running: another version, more copies or fewer. What that
// leads to is rollout.cc's.
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "master/core/instances.h"
#include "master/core/parameters.h"
#include "master/core/placing.h"
#include "master/core/rollout.h"
#include "master/core/templates.h"

namespace drover::core {
namespace {

// What is kept running; or why it cannot be changed.
ReplyCode find_service(State& state, const InstanceId& id, InstanceEntry*& entry) {
  const auto found = state.instances.find(id);
  if (found == state.instances.end()) return ReplyCode::unknown_instance;
  entry = &found->second;
  if (entry->instance->stop_requested) return ReplyCode::stopping;
  return entry->is_kept_running() ? ReplyCode::ok : ReplyCode::not_a_service;
}

// Of what was to be placed all at once, and has not been, nothing has to make room for another
// version.
void replace_gang(Edit& edit, InstanceEntry& entry) {
  std::vector<std::uint32_t> waiting;
  for (const auto& [number, slot] : entry.slots) waiting.push_back(number);
  for (const std::uint32_t slot : waiting) retire(edit, entry, slot, Retirement::replaced);
  Instance instance = *entry.instance;
  const std::uint32_t first = instance.slot_count;
  instance.slot_count += entry.from->spec.slots();
  edit.put(entry, std::move(instance));
  place_first_copies(edit, entry, entry.instance->id, first);
}

}  // namespace

Ptr<Template> find_version(const State& state, const std::string& name, std::uint32_t version) {
  const auto newest = state.templates.find(name);
  if (newest != state.templates.end() && newest->second->version == version) return newest->second;
  const auto former = state.former_templates.find({name, version});
  return former == state.former_templates.end() ? nullptr : former->second;
}

Reply update(Edit& edit, const Update& command) {
  InstanceEntry* entry = nullptr;
  const ReplyCode code = find_service(edit.state(), command.id, entry);
  if (code != ReplyCode::ok) return {code};
  const std::string& name = entry->instance->template_name;
  const Ptr<Template> newest = find_template(edit.state(), name);
  const std::uint32_t version = command.version.value_or(newest ? newest->version : 0);
  const Ptr<Template> wanted = find_version(edit.state(), name, version);
  if (!wanted) return {ReplyCode::unknown_version};
  if (version == entry->from->version) return {ReplyCode::ok};
  if (wanted->spec.kind != entry->from->spec.kind) return {ReplyCode::other_kind};
  ParameterValues given = entry->instance->parameters;
  if (auto problem = check_values(wanted->spec, given)) {
    return {ReplyCode::wrong_parameter, std::move(problem->what), std::move(problem->parameter)};
  }
  Instance instance = *entry->instance;
  const bool under_way = instance.rollout && instance.rollout->state == RolloutState::updating;
  const bool waits = waits_as_gang(*entry);
  const std::uint32_t from = under_way ? instance.rollout->from_version : entry->from->version;
  instance.rollout = Rollout{from, version, RolloutState::updating, "", edit.now().unix_ms};
  instance.template_version = version;
  instance.parameters = with_defaults(wanted->spec, given);
  entry->others[entry->from->version] = entry->from;
  entry->from = resolve(wanted, instance.parameters);
  entry->others.erase(version);
  edit.put(*entry, std::move(instance));
  entry->rollout_began = edit.now().steady;
  entry->ended_for_update.clear();
  if (waits) replace_gang(edit, *entry);
  begin_rollout(edit.state(), *entry);
  return {ReplyCode::ok};
}

Reply scale(Edit& edit, const Scale& command) {
  InstanceEntry* entry = nullptr;
  const ReplyCode code = find_service(edit.state(), command.id, entry);
  if (code != ReplyCode::ok) return {code};
  if (entry->is_system()) return {ReplyCode::system_has_no_count};
  if (!entry->from->spec.find_group(command.group)) return {ReplyCode::unknown_group};
  Instance instance = *entry->instance;
  instance.counts[command.group] = command.count;
  edit.put(*entry, std::move(instance));
  begin_rollout(edit.state(), *entry);
  return {ReplyCode::ok};
}

}  // namespace drover::core
