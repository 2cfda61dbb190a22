#include "tests/chaos/told.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

namespace drover::test {
namespace {

namespace json = boost::json;

std::string text(const json::object& object, const char* member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? json::value_to<std::string>(*value) : "";
}

void read_group(const json::object& group, Told& told) {
  const std::string allocation = text(group, "allocation");
  told.allocations.insert(allocation);
  const std::string stem = allocation.substr(0, allocation.rfind('.') + 1);
  for (const json::value& former : group.at("former").as_array()) {
    told.allocations.insert(stem + json::serialize(former.at("generation")));
  }
  for (const json::value& value : group.at("tasks").as_array()) {
    const json::object& task = value.as_object();
    ToldTask& added = told.tasks.emplace_back();
    added.allocation = allocation;
    added.name = text(task, "name");
    added.state = text(task, "state");
    if (const json::value* code = task.if_contains("exit_code")) {
      added.exit_code = static_cast<int>(code->as_int64());
    }
    added.by_signal = task.contains("signal");
    added.fenced = task.contains("fenced");
  }
}

}  // namespace

bool Told::is_over() const {
  return state == "completed" || state == "failed" || state == "stopped" || state == "lost";
}

bool Told::has_fenced() const {
  return std::any_of(tasks.begin(), tasks.end(), [](const ToldTask& task) { return task.fenced; });
}

bool Told::ended_by_signal() const {
  return std::all_of(tasks.begin(), tasks.end(),
                     [](const ToldTask& task) { return task.by_signal; });
}

Told told_of(const Cluster& cluster, const std::string& id) {
  Told told;
  const Reply reply = cluster.get("/api/v1/instances/" + id);
  json::error_code error;
  const json::value value = json::parse(reply.body, error);
  if (reply.status != 200 || error || !value.is_object()) {
    ADD_FAILURE() << "of instance " << id << " is told: " << reply.status << " " << reply.body;
    return told;
  }
  const json::object& instance = value.get_object();
  told.state = text(instance, "state");
  told.cause = text(instance, "cause");
  for (const json::value& group : instance.at("groups").as_array()) {
    read_group(group.as_object(), told);
  }
  return told;
}

int live_instances(const Cluster& cluster) {
  const Reply reply = cluster.get("/api/v1/cluster");
  json::error_code error;
  const json::value value = json::parse(reply.body, error);
  const json::object* object = error ? nullptr : value.if_object();
  const json::value* count = object == nullptr ? nullptr : object->if_contains("live_instances");
  if (count == nullptr || !count->is_int64()) {
    ADD_FAILURE() << "of the cluster is told: " << reply.status << " " << reply.body;
    return -1;
  }
  return static_cast<int>(count->get_int64());
}

}  // namespace drover::test
