#include "master/http/api/log_targets.h"

#include <algorithm>

#include "master/http/json_text.h"

namespace drover::http {
namespace {

const core::GroupSpec* spec_of(const core::Allocation& copy, const Versions& versions) {
  const auto version = versions.find(copy.version);
  if (version == versions.end()) return nullptr;
  const auto& groups = version->second->spec.groups;
  return copy.role.group < groups.size() ? &groups[copy.role.group] : nullptr;
}

// Where the template is gone, or says nothing, a position does for a name.
std::string group_name(const core::GroupSpec* spec, const core::Allocation& copy) {
  return spec != nullptr && spec->name ? *spec->name : std::to_string(copy.role.group);
}

std::string task_name(const core::GroupSpec* spec, std::uint32_t task) {
  const bool known = spec != nullptr && task < spec->tasks.size();
  return known ? spec->tasks[task].name : std::to_string(task);
}

bool is_meant(const std::optional<std::string>& wanted, const std::string& name,
              std::uint32_t position) {
  return !wanted || *wanted == name || *wanted == std::to_string(position);
}

// Calls `visit(copy, spec, task)` for what group, index and task select.
template <class Visit>
void for_each_task(const WholeInstance& whole, const Versions& versions,
                   const LogSelection& selection, Visit visit) {
  for (const auto& copy : whole.slots) {
    const core::GroupSpec* spec = spec_of(*copy, versions);
    if (!is_meant(selection.group, group_name(spec, *copy), copy->role.group)) continue;
    if (selection.index && *selection.index != copy->role.index) continue;
    for (std::uint32_t task = 0; task < copy->tasks.size(); ++task) {
      if (is_meant(selection.task, task_name(spec, task), task)) visit(*copy, spec, task);
    }
  }
}

LogTarget target_of(const core::Allocation& copy, const core::GroupSpec* spec, std::uint32_t task) {
  LogTarget target;
  target.attempt = {copy.id, task, 0};
  target.group = group_name(spec, copy);
  target.index = copy.role.index;
  target.task = task_name(spec, task);
  return target;
}

void add_former(const core::Allocation& copy, const LogSelection& selection, LogTarget target,
                std::vector<LogTarget>& targets) {
  for (const core::FormerCopy& former : copy.former) {
    if (former.generation != *selection.generation) continue;
    target.attempt.allocation = {copy.id.instance, former.slot.value_or(copy.id.slot),
                                 former.generation};
    target.attempt.attempt = selection.attempt.value_or(0);
    target.node = former.node;
    target.is_over = true;
    targets.push_back(target);
  }
}

void add_present(const core::Allocation& copy, const LogSelection& selection, LogTarget target,
                 std::vector<LogTarget>& targets) {
  if (!copy.node) return;
  const core::TaskStatus& status = copy.tasks[target.attempt.task];
  const bool is_earlier = selection.attempt && *selection.attempt < status.attempt;
  target.node = *copy.node;
  target.is_over = true;
  const bool is_known = std::any_of(
      status.previous.begin(), status.previous.end(),
      [&](const core::FormerAttempt& former) { return former.attempt == selection.attempt; });
  for (const core::FormerAttempt& former : status.previous) {
    if (!selection.all_attempts && selection.attempt != former.attempt) continue;
    target.attempt.attempt = former.attempt;
    target.end = former.end;
    targets.push_back(target);
  }
  if (is_earlier) {
    // Older than is remembered here; the node may have it still.
    target.attempt.attempt = *selection.attempt;
    if (!is_known) targets.push_back(target);
    return;
  }
  if (status.attempt == 0 || selection.attempt.value_or(status.attempt) != status.attempt) return;
  target.attempt.attempt = status.attempt;
  target.end = status.end;
  target.is_over = status.end.kind != core::EndKind::none;
  targets.push_back(target);
}

Problem unknown(Code code, std::string what) {
  return {code, std::move(what) + "; the instance itself shows what there is", ""};
}

}  // namespace

std::string LogTarget::label() const {
  std::string text = group + '[' + std::to_string(index) + "]." + task;
  if (attempt.attempt != 0) text += '#' + std::to_string(attempt.attempt);
  return text;
}

std::vector<LogTarget> log_targets(const WholeInstance& whole, const Versions& versions,
                                   const LogSelection& selection) {
  std::vector<LogTarget> targets;
  for_each_task(whole, versions, selection,
                [&](const core::Allocation& copy, const core::GroupSpec* spec, std::uint32_t task) {
                  LogTarget target = target_of(copy, spec, task);
                  const bool is_present =
                      selection.generation.value_or(copy.id.generation) == copy.id.generation;
                  if (is_present) {
                    add_present(copy, selection, std::move(target), targets);
                  } else {
                    add_former(copy, selection, std::move(target), targets);
                  }
                });
  return targets;
}

MaybeProblem check_selection(const WholeInstance& whole, const Versions& versions,
                             const LogSelection& selection) {
  LogSelection wider;
  const auto finds = [&] {
    bool found = false;
    for_each_task(whole, versions, wider, [&found](const auto&, auto, auto) { found = true; });
    return found;
  };
  wider.group = selection.group;
  wider.index = selection.index;
  if ((selection.group || selection.index) && !finds()) {
    const std::string copy =
        selection.index ? ", copy " + std::to_string(*selection.index) + " of it" : "";
    return unknown(Code::unknown_group,
                   "there is no group " + excerpt(selection.group.value_or("(any)")) + copy);
  }
  wider.task = selection.task;
  if (selection.task && !finds()) {
    return unknown(Code::unknown_task, "there is no task " + excerpt(*selection.task) + " there");
  }
  if (!selection.attempt && !selection.generation) return std::nullopt;
  if (!log_targets(whole, versions, selection).empty()) return std::nullopt;
  return unknown(Code::unknown_attempt, "there is no such attempt or generation");
}

}  // namespace drover::http
