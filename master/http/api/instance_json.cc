#include "master/http/api/instance_json.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "master/core/phases.h"
#include "master/http/api/end_json.h"
#include "master/http/api/timestamp.h"

namespace drover::http {
namespace {

namespace json = boost::json;

json::object former_object(const core::FormerAttempt& attempt) {
  json::object out;
  out["attempt"] = attempt.attempt;
  if (attempt.started_at != 0) out["started"] = timestamp(attempt.started_at);
  out["ended"] = timestamp(attempt.ended_at);
  add_end(attempt.end, out);
  add_used(attempt.end.used, out);
  return out;
}

json::object health_object(const core::TaskHealth& health) {
  json::object out;
  out["state"] = to_string(health.state);
  out["since"] = timestamp(health.since);
  if (!health.failure.empty()) out["failure"] = health.failure;
  return out;
}

// `measured`: null unless it runs, and was measured.
json::object task_object(const core::TaskStatus& task, const std::string& name,
                         const core::MeasuredTask* measured) {
  json::object out;
  out["name"] = name;
  out["state"] = core::to_string(task.state);
  out["attempt"] = task.attempt;
  out["restarts"] = task.attempt > 1 ? task.attempt - 1 : 0;
  if (task.next_start != 0) out["next_start"] = timestamp(task.next_start);
  if (task.started_at != 0) out["started"] = timestamp(task.started_at);
  if (task.ended_at != 0) out["ended"] = timestamp(task.ended_at);
  if (task.restart_wished != 0) out["restart_requested"] = true;
  if (task.health.state != Health::unknown) out["health"] = health_object(task.health);
  add_end(task.end, out);
  if (measured != nullptr) {
    add_used(*measured, out);
  } else {
    add_used(task.end.used, out);
  }
  json::array& previous = out["previous"].emplace_array();
  for (const core::FormerAttempt& each : task.previous) previous.push_back(former_object(each));
  return out;
}

// What the task asks for and its node, as it is now, cannot see to.
void add_not_enforced(const TaskResources& wanted, const std::vector<std::string>& lacking,
                      json::object& out) {
  const auto lacks = [&lacking](const char* word) {
    return std::find(lacking.begin(), lacking.end(), word) != lacking.end();
  };
  json::array words;
  if (wanted.cpu_thousandths && lacks("cpu_limits")) words.emplace_back("cpu");
  if (wanted.memory_bytes && lacks("memory_limits")) words.emplace_back("memory");
  if (!words.empty()) out["not_enforced"] = std::move(words);
}

json::object former_object(const core::FormerCopy& copy) {
  json::object out;
  if (copy.slot) out["slot"] = *copy.slot;
  out["generation"] = copy.generation;
  out["node"] = copy.node.text();
  out["state"] = core::to_string(copy.state);
  add_end(copy.end, out);
  add_used(copy.end.used, out);
  out["ended"] = timestamp(copy.ended_at);
  return out;
}

// Null: the template of its version is gone.
const core::GroupSpec* group_of(const Versions& versions, const core::Allocation& copy) {
  const auto found = versions.find(copy.version);
  if (found == versions.end()) return nullptr;
  const auto& groups = found->second->spec.groups;
  return copy.role.group < groups.size() ? &groups[copy.role.group] : nullptr;
}

const Explanation* explanation_of(const Explanations& all, const core::Allocation& copy) {
  const auto found = all.find(copy.id.slot);
  return found == all.end() ? nullptr : found->second.get();
}

const TaskSpec* task_of(const core::GroupSpec* group, std::size_t task) {
  return group != nullptr && task < group->tasks.size() ? &group->tasks[task] : nullptr;
}

std::string name_of(const TaskSpec* task) { return task != nullptr ? task->name : ""; }

const core::MeasuredTask* use_of(const MeasuredTasks& uses, const AttemptId& id,
                                 const core::TaskStatus& task) {
  if (task.state != core::TaskState::running) return nullptr;
  const auto found = uses.find(id);
  return found == uses.end() ? nullptr : &found->second;
}

json::object group_object(const core::Allocation& copy, bool stop_wished,
                          const Surroundings& around) {
  json::object out;
  out["group"] = copy.role.group;
  const core::GroupSpec* group = group_of(around.versions, copy);
  if (group != nullptr && group->name) out["name"] = *group->name;
  out["index"] = copy.role.index;
  out["allocation"] = copy.id.text();
  out["generation"] = copy.id.generation;
  out["version"] = copy.version;
  if (copy.retirement != core::Retirement::none) out["asked_to_end"] = true;
  if (copy.replaces) out["replaces_slot"] = *copy.replaces;
  out["state"] = core::to_string(core::phase_of(copy, stop_wished));
  if (copy.node) out["node"] = copy.node->text();
  if (copy.pinned && !copy.node) out["for_node"] = copy.pinned->text();
  const bool waits = !copy.node && !core::is_terminal(copy);
  if (waits) {
    out["reason"] = reason_to_wait(copy.waits_for);
    out["waits_for"] = core::to_string(copy.waits_for);
    if (const Explanation* why = explanation_of(around.why_waiting, copy))
      out["excluded"] = to_json(*why);
  }
  if (copy.original) out["stands_in_for"] = copy.original->id.text();
  json::array& tasks = out["tasks"].emplace_array();
  const auto lacking = copy.node ? around.lacks.find(*copy.node) : around.lacks.end();
  for (std::uint32_t number = 0; number < copy.tasks.size(); ++number) {
    const TaskSpec* task = task_of(group, number);
    const core::TaskStatus& status = copy.tasks[number];
    json::object shown = task_object(
        status, name_of(task), use_of(around.uses, {copy.id, number, status.attempt}, status));
    if (lacking != around.lacks.end() && task != nullptr && task->resources) {
      add_not_enforced(*task->resources, lacking->second, shown);
    }
    tasks.push_back(std::move(shown));
  }
  json::array& former = out["former"].emplace_array();
  for (const core::FormerCopy& each : copy.former) former.push_back(former_object(each));
  return out;
}

std::string in_group(const Versions& versions, const core::Allocation& copy,
                     const std::string& what) {
  const core::GroupSpec* group = group_of(versions, copy);
  std::string where =
      "group " + (group != nullptr && group->name ? "'" + *group->name + "'"
                                                  : std::to_string(copy.role.group));
  if (group != nullptr && group->copies() > 1) where += " copy " + std::to_string(copy.role.index);
  return where + ": " + what;
}

std::string silence(const Versions& versions, const core::Allocation& copy,
                    const core::ClusterStatus& cluster) {
  std::string text = "node " + (copy.node ? copy.node->text() : "") + " is silent";
  if (!cluster.suspects) return in_group(versions, copy, text);
  return in_group(versions, copy,
                  text + "; nothing is given up or replaced while " +
                      std::to_string(cluster.silent_nodes) + " of " +
                      std::to_string(cluster.nodes) + " nodes are silent, see /api/v1/cluster");
}

// What is wrong with a task; empty where nothing is.
std::string cause_of(const core::TaskStatus& task) {
  switch (task.state) {
    case core::TaskState::failed:
    case core::TaskState::lost:
      return end_text(task.end);
    case core::TaskState::restarting:
      return end_text(task.end) + "; its node begins it again at " + timestamp(task.next_start);
    case core::TaskState::running:
      if (task.health.state != Health::unhealthy) return "";
      return "is unhealthy: " + task.health.failure;
    default:
      return "";
  }
}

std::string why(const core::Allocation& copy, const Explanations& why_waiting) {
  std::string text = reason_to_wait(copy.waits_for);
  const Explanation* found = explanation_of(why_waiting, copy);
  if (found == nullptr) return text;
  const std::string more = to_text(*found);
  return more.empty() ? text : text + ": " + more;
}

// Why the instance is not simply well; empty where it is.
std::string cause_of(const core::Instance& instance,
                     const std::vector<core::Ptr<core::Allocation>>& groups,
                     const Surroundings& around) {
  const Versions& versions = around.versions;
  std::string waiting;
  for (const auto& copy : groups) {
    for (std::size_t task = 0; task < copy->tasks.size(); ++task) {
      const core::TaskStatus& status = copy->tasks[task];
      if (status.state == core::TaskState::unknown) return silence(versions, *copy, around.cluster);
      const std::string said = cause_of(status);
      if (said.empty()) continue;
      const std::string name = name_of(task_of(group_of(versions, *copy), task));
      return in_group(versions, *copy, "task '" + name + "' " + said);
    }
    const bool waits = !copy->node && !core::is_terminal(*copy);
    if (waits && waiting.empty())
      waiting = in_group(versions, *copy, why(*copy, around.why_waiting));
  }
  if (instance.stop_requested) return "it was asked to stop";
  return waiting;
}

}  // namespace

Index index_of(const core::Instance& instance,
               const std::vector<core::Ptr<core::Allocation>>& groups) {
  Index newest = instance.changed;
  for (const auto& copy : groups) newest = std::max(newest, copy->changed);
  return newest;
}

std::string instance_json(const core::Instance& instance,
                          const std::vector<core::Ptr<core::Allocation>>& groups,
                          const Surroundings& around) {
  json::object out;
  out["id"] = instance.id.text();
  out["template"] = instance.template_name;
  out["version"] = instance.template_version;
  out["index"] = index_of(instance, groups).value;
  out["state"] = core::to_string(instance.state);
  const std::string cause = cause_of(instance, groups, around);
  if (!cause.empty()) out["cause"] = cause;
  out["since"] = timestamp(instance.state_since);
  out["created"] = timestamp(instance.created_at);
  if (instance.scheduled_for) out["scheduled_for"] = timestamp(*instance.scheduled_for);
  out["stop_requested"] = instance.stop_requested;
  if (instance.rollout) {
    const core::Rollout& rollout = *instance.rollout;
    json::object& shown = out["rollout"].emplace_object();
    shown["state"] = core::to_string(rollout.state);
    shown["from_version"] = rollout.from_version;
    shown["to_version"] = rollout.to_version;
    if (!rollout.reason.empty()) shown["reason"] = rollout.reason;
    shown["since"] = timestamp(rollout.since);
  }
  json::object& parameters = out["parameters"].emplace_object();
  for (const auto& [name, value] : instance.parameters) parameters[name] = value;
  json::array& list = out["groups"].emplace_array();
  for (const auto& copy : groups) {
    list.push_back(group_object(*copy, instance.stop_requested, around));
  }
  return json::serialize(out);
}

}  // namespace drover::http
