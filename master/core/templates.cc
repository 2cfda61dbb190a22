#include "master/core/templates.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "common/limits.h"
#include "master/core/schedules.h"

namespace drover::core {
namespace {

// The versions that something that has not ended has, or may get.
std::set<std::uint32_t> used_versions(const State& state, const std::string& name) {
  std::set<std::uint32_t> used;
  for (const auto& [id, entry] : state.instances) {
    if (entry.instance->template_name != name) continue;
    used.insert(entry.instance->template_version);
    for (const auto& [version, other] : entry.others) used.insert(version);
  }
  return used;
}

// Of the versions before the newest, up to this one, those that nothing uses.
void drop_versions(Edit& edit, const std::string& name, std::uint32_t up_to) {
  State& state = edit.state();
  std::vector<std::uint32_t> old;
  for (auto each = state.former_templates.lower_bound({name, 0});
       each != state.former_templates.end() && each->first.first == name; ++each) {
    if (each->first.second <= up_to) old.push_back(each->first.second);
  }
  if (old.empty()) return;
  const std::set<std::uint32_t> used = used_versions(state, name);
  for (const std::uint32_t version : old) {
    if (!used.contains(version)) edit.drop_version(name, version);
  }
}

// Other times begin now, the same go on where they are. Not before the last run, so that whatever
// is put while the clock is a little behind, no time that was run is due again; unless that run
// lies so far ahead that it was the clock, then, that was wrong.
UnixMs last_run_of(const Edit& edit, const Template& before, const TemplateSpec& spec) {
  const std::optional<ScheduleSpec>& old = before.spec.schedule;
  const bool goes_on = old && spec.schedule && old->cron == spec.schedule->cron &&
                       old->time_zone_or_default() == spec.schedule->time_zone_or_default();
  if (goes_on) return before.last_run;
  const UnixMs now = edit.now().unix_ms;
  return is_ahead_of(before.last_run, now) ? now : std::max(before.last_run, now);
}

// The first version, or the one after those of a template that was removed.
void put_new(Edit& edit, const TemplateSpec& spec, const std::string& document) {
  const auto removed = edit.state().templates.find(spec.name);
  const std::uint32_t before =
      removed == edit.state().templates.end() ? 0 : removed->second->version;
  edit.put(Template{spec, document, before + 1, {}, edit.now().unix_ms});
}

}  // namespace

Ptr<Template> find_template(const State& state, const std::string& name) {
  const auto found = state.templates.find(name);
  if (found == state.templates.end() || found->second->removed) return nullptr;
  return found->second;
}

Reply create_template(Edit& edit, const CreateTemplate& command) {
  if (const auto existing = find_template(edit.state(), command.spec.name)) {
    const bool same = existing->spec == command.spec;
    return {same ? ReplyCode::ok : ReplyCode::template_conflict};
  }
  put_new(edit, command.spec, command.document);
  return {ReplyCode::ok};
}

Reply put_template(Edit& edit, const PutTemplate& command) {
  const Ptr<Template> existing = find_template(edit.state(), command.spec.name);
  const std::uint32_t newest = existing ? existing->version : 0;
  if (command.expected_version.value_or(newest) != newest) return {ReplyCode::other_version};
  if (!existing) {
    put_new(edit, command.spec, command.document);
    return {ReplyCode::ok};
  }
  if (existing->spec == command.spec) return {ReplyCode::ok};
  const std::uint32_t version = newest + 1;
  const UnixMs last_run = last_run_of(edit, *existing, command.spec);
  edit.put(Template{command.spec, command.document, version, {}, last_run});
  if (version > limits::kTemplateVersions) {
    drop_versions(edit, command.spec.name,
                  version - static_cast<std::uint32_t>(limits::kTemplateVersions));
  }
  return {ReplyCode::ok};
}

Reply remove_template(Edit& edit, const RemoveTemplate& command) {
  const Ptr<Template> existing = find_template(edit.state(), command.name);
  if (!existing) return {ReplyCode::unknown_template};
  const bool is_used = !used_versions(edit.state(), command.name).empty();
  if (is_used && !command.even_if_used) return {ReplyCode::template_in_use};
  Template removed = *existing;
  removed.removed = true;
  if (!is_used) {
    // Its name and its number are all that anybody will ask for.
    removed.spec = TemplateSpec{command.name, {}};
    removed.document.clear();
  }
  edit.put(std::move(removed));
  drop_versions(edit, command.name, existing->version);
  return {ReplyCode::ok};
}

}  // namespace drover::core
