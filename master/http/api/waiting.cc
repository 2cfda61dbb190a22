#include "master/http/api/waiting.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "master/core/parameters.h"
#include "master/http/api/answers.h"
#include "master/http/api/explanation.h"
#include "master/http/api/instance_view.h"
#include "master/http/api/unblock.h"
#include "master/http/store_problem.h"

namespace drover::http {
namespace {

namespace json = boost::json;

void name_group(const core::Template& from, std::uint32_t group, json::object& out) {
  out["group"] = group;
  if (const auto& name = from.spec.groups.at(group).name) out["name"] = *name;
}

json::object waiting_object(const engine::View& view, const WaitingCopies& copies,
                            std::span<const engine::NodeStatus> nodes) {
  const core::GroupSpec& group = copies.from->spec.groups.at(copies.group);
  const Explanation found = explain(group, nodes);
  json::object out;
  name_group(*copies.from, copies.group, out);
  out["copies"] = copies.count;
  if (copies.pinned) out["for_node"] = copies.pinned->text();
  out["waits_for"] = core::to_string(copies.reason);
  out["reason"] = reason_to_wait(copies.reason);
  out["excluded"] = to_json(found);
  json::array& help = out["unblock"].emplace_array();
  for (std::string& each : unblock(view, group, nodes, found, copies.reason)) {
    help.emplace_back(std::move(each));
  }
  return out;
}

// Of an instance that has not ended.
std::vector<WaitingCopies> waiting_of(const Services& services, const WholeInstance& whole) {
  std::vector<WaitingCopies> all;
  std::map<std::uint32_t, core::Ptr<core::Template>> resolved;
  const Versions versions = versions_of(services, whole);
  for (const auto& copy : whole.slots) {
    if (copy->node || core::is_terminal(*copy)) continue;
    const auto version = versions.find(copy->version);
    if (version == versions.end()) continue;
    auto& from = resolved[copy->version];
    if (!from) from = core::resolve(version->second, whole.instance->parameters);
    if (copy->role.group >= from->spec.groups.size()) continue;
    add_waiting({from, copy->role.group, copy->waits_for, copy->pinned, 1}, all);
  }
  return all;
}

}  // namespace

void add_waiting(WaitingCopies one, std::vector<WaitingCopies>& all) {
  const auto alike = std::find_if(all.begin(), all.end(), [&one](const WaitingCopies& each) {
    return each.from == one.from && each.group == one.group && each.reason == one.reason &&
           each.pinned == one.pinned;
  });
  if (alike == all.end()) {
    all.push_back(std::move(one));
  } else {
    alike->count += one.count;
  }
}

json::array waiting_json(const engine::View& view, const std::vector<WaitingCopies>& all) {
  json::array out;
  std::vector<engine::NodeStatus> nodes;
  for (const WaitingCopies& each : all) {
    if (each.pinned) {
      std::vector<engine::NodeStatus> only;
      if (auto node = view.find_node_status(*each.pinned)) only.push_back(std::move(*node));
      out.push_back(waiting_object(view, each, only));
      continue;
    }
    if (nodes.empty()) nodes = view.nodes();
    out.push_back(waiting_object(view, each, nodes));
  }
  return out;
}

Answer explain_instance(const Services& services, const Request& request) {
  const auto id = InstanceId::parse(request.path_parameter);
  if (!id) return no_instance_id(request.path_parameter);
  const auto found = find_instance(services, *id);
  if (!found) return to_response(history_problem(found.error()));
  if (!*found) return to_response(unknown_instance(*id));
  const WholeInstance& whole = **found;
  json::object out;
  out["id"] = id->text();
  out["state"] = core::to_string(whole.instance->state);
  const bool is_over = core::is_terminal(whole.instance->state);
  out["waiting"] =
      is_over ? json::array() : waiting_json(services.view, waiting_of(services, whole));
  return with_body(json::serialize(out));
}

Response plan_response(const engine::View& view, const core::PlacementPlan& plan) {
  std::vector<WaitingCopies> waiting;
  json::array placed;
  for (const core::PlannedCopy& copy : plan.copies) {
    if (!copy.node) {
      add_waiting({plan.from, copy.role.group, copy.waits_for, copy.pinned, 1}, waiting);
      continue;
    }
    json::object& one = placed.emplace_back(json::object()).as_object();
    name_group(*plan.from, copy.role.group, one);
    one["index"] = copy.role.index;
    one["node"] = copy.node->text();
  }
  json::object out;
  out["template"] = plan.from->spec.name;
  out["version"] = plan.from->version;
  out["placed"] = std::move(placed);
  out["waiting"] = waiting_json(view, waiting);
  return with_body(json::serialize(out));
}

}  // namespace drover::http
