#include "master/http/template/groups.h"

#include <array>
#include <boost/json/array.hpp>

#include "common/limits.h"
#include "master/http/template/after.h"
#include "master/http/template/constraints.h"
#include "master/http/template/tasks.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;
using core::GroupSpec;

namespace {

MaybeProblem read_tasks(const json::value& value, const Place& place, GroupSpec& group) {
  const json::array* elements = nullptr;
  if (auto problem =
          read_array(value, place, limits::kTasksPerGroup, Emptiness::refused, elements)) {
    return problem;
  }
  group.tasks.resize(elements->size());
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const Place at(place, i);
    if (auto problem = read_fields((*elements)[i], at, task_fields(), group.tasks[i])) {
      return problem;
    }
  }
  std::vector<std::string_view> names;
  for (const TaskSpec& task : group.tasks) names.push_back(task.name);
  if (auto problem = check_different(names, place, "task", " of this group")) return problem;
  return check_order(group.tasks, place);
}

MaybeProblem read_group_name(const json::value& value, const Place& place, GroupSpec& group) {
  return read_name(value, place, group.name.emplace());
}

MaybeProblem read_count(const json::value& value, const Place& place, GroupSpec& group) {
  return read_number(value, place, 1, limits::kSlotsPerInstance, group.count.emplace());
}

MaybeProblem read_policy(const json::value& value, const Place& place, GroupSpec& group) {
  return read_word(value, place, kRestartPolicies, group.reschedule.emplace());
}

MaybeProblem read_reschedule(const json::value& value, const Place& place, GroupSpec& group) {
  return read_fields(value, place, reschedule_fields(), group);
}

MaybeProblem read_exclusive(const json::value& value, const Place& place, GroupSpec& group) {
  return read_flag(value, place, group.exclusive.emplace());
}

MaybeProblem read_lost_after(const json::value& value, const Place& place, GroupSpec& group) {
  return read_duration(value, place, limits::kLongestLostAfter, group.lost_after.emplace());
}

constexpr std::array<std::string_view, 2> kReturnChoices = {"keep_replacement", "keep_original"};
constexpr std::array<std::string_view, 2> kFailureChoices = {"continue", "stop_group"};

MaybeProblem read_on_return(const json::value& value, const Place& place, GroupSpec& group) {
  return read_word(value, place, kReturnChoices, group.on_return.emplace());
}

MaybeProblem read_on_task_failure(const json::value& value, const Place& place, GroupSpec& group) {
  return read_word(value, place, kFailureChoices, group.on_task_failure.emplace());
}

MaybeProblem read_max_parallel(const json::value& value, const Place& place,
                               core::UpdatePolicy& policy) {
  return read_number(value, place, 1, limits::kMostParallel, policy.max_parallel.emplace());
}

MaybeProblem read_min_healthy_time(const json::value& value, const Place& place,
                                   core::UpdatePolicy& policy) {
  return read_duration(value, place, limits::kLongestRolloutTime,
                       policy.min_healthy_time.emplace());
}

MaybeProblem read_healthy_deadline(const json::value& value, const Place& place,
                                   core::UpdatePolicy& policy) {
  return read_duration(value, place, limits::kLongestRolloutTime,
                       policy.healthy_deadline.emplace());
}

MaybeProblem read_update(const json::value& value, const Place& place, GroupSpec& group) {
  return read_fields(value, place, update_fields(), group.update.emplace());
}

using enum Presence;

// clang-format off
constexpr std::array kRescheduleFields = std::to_array<Field<GroupSpec>>({
    {"policy", required, read_policy, schema::word<kRestartPolicies>, R"("on_failure")",
     "`never`: the group is placed once. `on_failure`: another copy of it follows one that failed or was lost, on another "
     "node after three failures on one. `always`: also one that ended with success"},
});

constexpr std::array kUpdateFields = std::to_array<Field<core::UpdatePolicy>>({
    {"max_parallel", optional, read_max_parallel, schema::whole<1, limits::kMostParallel>, "2", "How many copies are replaced at a time. 1 without"},
    {"min_healthy_time", optional, read_min_healthy_time, schema::duration, R"("30s")",
     "For how long all tasks of the new copy run before the old one is stopped. 10 s without"},
    {"healthy_deadline", optional, read_healthy_deadline, schema::duration, R"("2m")",
     "A new version of which a copy does not run by then, or fails, is taken back. 5 m without"},
});

constexpr std::array kGroupFields = std::to_array<Field<GroupSpec>>({
    {"tasks", required, read_tasks, schema::list<schema::ref<kTaskSchema>, 1, limits::kTasksPerGroup>, R"([{"name": "clean", "config": {"command": "/opt/apps/clean.sh"}}])",
     "1 to 1,000 tasks, which run on one node"},
    {"name", optional, read_group_name, schema::name, R"("workers")",
     "What the group is called; no other group of the template has the name. Its position, from 0, without"},
    {"count", optional, read_count, schema::whole<1, limits::kSlotsPerInstance>, "3",
     "How many copies of the group are wanted, each placed for itself; `DROVER_INDEX` tells a task which one it is of. 1 "
     "without; all groups together have at most 10,000"},
    {"constraints", optional, read_constraints, schema::list<schema::ref<kConstraintSchema>, 0, limits::kConstraints>,
     R"([{"attribute": "label.zone", "value": "north"}, {"attribute": "node.cpus", "operator": ">", "value": "4"}])",
     "All of them hold of a node that a copy is placed on: see below. At most 100"},
    {"affinity", optional, read_affinity, schema::list<schema::ref<kAffinitySchema>, 0, limits::kConstraints>, R"([{"attribute": "label.disk", "value": "ssd", "weight": 50}])",
     "Nodes that are preferred, or avoided, as long as there is a choice: see below. At most 100"},
    {"spread", optional, read_spread, schema::name, R"("label.zone")",
     "An attribute of nodes by which the copies are kept apart: a copy goes where the fewest copies of its group have the "
     "same value. `node.id`: to different nodes. Before affinity, after room and constraints"},
    {"pack", optional, read_pack, schema::name, R"("label.rack")",
     "The opposite: a copy goes where others of its group have the same value, as long as there is room"},
    {"on_task_failure", optional, read_on_task_failure, schema::word<kFailureChoices>, R"("stop_group")",
     "What becomes of the other tasks of a copy when one has failed or was lost, and is not begun again in place. "
     "`continue`: they go on. `stop_group`: their node ends them, as by a stop, and the copy has failed. `continue` without"},
    {"reschedule", optional, read_reschedule, schema::ref<kRescheduleSchema>, R"({"policy": "on_failure"})",
     "When the master makes another copy of the group. `never` without"},
    {"update", optional, read_update, schema::ref<kUpdateSchema>, R"({"max_parallel": 2, "min_healthy_time": "30s"})",
     "How copies of a service are replaced by others, of another version or on another node: see below"},
    {"exclusive", optional, read_exclusive, schema::flag, "true",
     "Never two copies at once, whatever happens to the network; its tasks end by themselves when their node is cut off "
     "from the master. `false` without"},
    {"lost_after", optional, read_lost_after, schema::duration, R"("5m")",
     "For how long the node may be silent until its copy is given up. The master's `--lost-after` without, which is 30 s; "
     "at most 720 h"},
    {"on_return", optional, read_on_return, schema::word<kReturnChoices>, R"("keep_original")",
     "Which copy goes on when the node of a replaced one returns: `keep_replacement`, or `keep_original`. The replacement "
     "without"},
});
// clang-format on

}  // namespace

Fields<GroupSpec> group_fields() { return kGroupFields; }

Fields<core::UpdatePolicy> update_fields() { return kUpdateFields; }

Fields<GroupSpec> reschedule_fields() { return kRescheduleFields; }

}  // namespace drover::http
