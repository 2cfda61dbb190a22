#include "master/http/api/explanation.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cstdio>

namespace drover::http {
namespace {

namespace json = boost::json;

// How much is missing, as a part of what is asked for; the larger of the two.
double distance(const core::Resources& lacks, const core::Resources& demand) {
  const auto part = [](std::int64_t lack, std::int64_t wanted) {
    return wanted > 0 ? static_cast<double>(lack) / static_cast<double>(wanted) : 0;
  };
  return std::max(part(lacks.cpu_thousandths, demand.cpu_thousandths),
                  part(lacks.memory_bytes, demand.memory_bytes));
}

std::string count(std::size_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::string cores(std::int64_t thousandths) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", static_cast<double>(thousandths) / 1000);
  return std::string(text) + (thousandths == 1000 ? " core" : " cores");
}

// Rounded up: with so much more it fits.
std::string mebibytes(std::int64_t bytes) {
  return std::to_string((bytes + 0xfffff) >> 20) + " MiB";
}

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

}  // namespace

core::Resources missing(const core::Resources& demand, const core::Resources& room) {
  const core::Resources lacks = demand - room;
  return {std::max<std::int64_t>(lacks.cpu_thousandths, 0),
          std::max<std::int64_t>(lacks.memory_bytes, 0)};
}

std::string to_text(const core::Resources& lacks) {
  if (lacks.cpu_thousandths == 0) return mebibytes(lacks.memory_bytes);
  if (lacks.memory_bytes == 0) return cores(lacks.cpu_thousandths);
  return cores(lacks.cpu_thousandths) + " and " + mebibytes(lacks.memory_bytes);
}

const char* reason_to_wait(core::WaitReason reason) {
  switch (reason) {
    case core::WaitReason::none:
      return "it is about to be placed";
    case core::WaitReason::no_node:
      return "no node can take work: none is online, or those that are refuse it or are drained";
    case core::WaitReason::backoff:
      return "it ended, and the pause before it runs again is not over";
    case core::WaitReason::nodes_avoided:
      return "it has failed too often lately on every node that could take it";
    case core::WaitReason::node_lost:
      return "its node was lost, and it is about to be placed on another";
    case core::WaitReason::no_match:
      return "its constraints hold on no node that takes work";
    case core::WaitReason::no_room:
      return "no node that it may be on has as much left as it reserves";
    case core::WaitReason::drained:
      return "its node was drained, and it is about to be placed on another";
    case core::WaitReason::its_node:
      return "the node that it is for takes no work now";
    case core::WaitReason::gang:
      return "not all copies of the instance can be placed at once";
  }
  return "";
}

Explanation explain(const core::GroupSpec& group, std::span<const engine::NodeStatus> nodes) {
  Explanation found;
  found.nodes = nodes.size();
  for (const core::Constraint& each : group.constraints) {
    found.constraints.emplace_back(core::to_string(each), 0);
  }
  const core::Resources demand = core::demand_of(group);
  double nearest = 0;
  for (const engine::NodeStatus& status : nodes) {
    if (!status.node->online) {
      ++found.offline;
      continue;
    }
    if (status.node->drain) {
      ++found.draining;
      continue;
    }
    if (!status.refuses_work.empty()) {
      ++found.refusing;
      continue;
    }
    const auto broken = std::find_if_not(
        group.constraints.begin(), group.constraints.end(),
        [&](const core::Constraint& each) { return core::holds(each, *status.node); });
    if (broken != group.constraints.end()) {
      ++found.constraints[static_cast<std::size_t>(broken - group.constraints.begin())].second;
      continue;
    }
    const core::Resources lacks =
        missing(demand, core::capacity_of(*status.node) - status.reserved);
    if (lacks.is_nothing()) continue;
    ++(lacks.cpu_thousandths > 0 ? found.without_cpu : found.without_memory);
    const double far = distance(lacks, demand);
    if (found.nearest && nearest <= far) continue;
    nearest = far;
    found.nearest = {status.node->id, lacks};
  }
  return found;
}

std::string to_text(const Explanation& explanation) {
  std::vector<std::string> parts;
  const auto add = [&parts](std::size_t number, const char* one, const char* many) {
    if (number > 0) parts.push_back(count(number, one, many));
  };
  add(explanation.offline, "is offline", "are offline");
  add(explanation.draining, "is drained", "are drained");
  add(explanation.refusing, "refuses work", "refuse work");
  for (const auto& [constraint, number] : explanation.constraints) {
    if (number == 0) continue;
    parts.push_back(count(number, "is", "are") + " ruled out by " + constraint);
  }
  add(explanation.without_cpu, "has too little processor left", "have too little processor left");
  add(explanation.without_memory, "has too little memory left", "have too little memory left");
  if (parts.empty()) return "";
  std::string text = "of " + count(explanation.nodes, "node", "nodes") + " " + join(parts);
  if (explanation.nearest) {
    text += "; the nearest is " + explanation.nearest->node.text() + ", where " +
            to_text(explanation.nearest->lacks) + " more would do";
  }
  return text;
}

json::object to_json(const Explanation& explanation) {
  json::object out;
  out["nodes"] = explanation.nodes;
  out["offline"] = explanation.offline;
  out["draining"] = explanation.draining;
  out["refusing_work"] = explanation.refusing;
  json::array& constraints = out["constraints"].emplace_array();
  for (const auto& [constraint, number] : explanation.constraints) {
    constraints.push_back({{"constraint", constraint}, {"nodes", number}});
  }
  out["too_little_cpu"] = explanation.without_cpu;
  out["too_little_memory"] = explanation.without_memory;
  if (explanation.nearest) {
    json::object& nearest = out["nearest"].emplace_object();
    nearest["node"] = explanation.nearest->node.text();
    nearest["lacks_cpu"] = static_cast<double>(explanation.nearest->lacks.cpu_thousandths) / 1000;
    nearest["lacks_memory_bytes"] = explanation.nearest->lacks.memory_bytes;
  }
  return out;
}

}  // namespace drover::http
