#include "master/http/operator_api.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "master/core/parameters.h"
#include "master/engine/view.h"
#include "master/http/answers.h"
#include "master/http/bodies.h"
#include "master/http/errors.h"
#include "master/http/instance_json.h"
#include "master/http/json_fields.h"
#include "master/http/json_text.h"
#include "master/http/store_problem.h"
#include "master/http/timestamp.h"
#include "master/store/store.h"

namespace drover::http {
namespace {

Versions versions_of(const engine::View& view, const core::Instance& instance,
                     const std::vector<core::Ptr<core::Allocation>>& slots) {
  Versions found;
  for (const auto& slot : slots) {
    if (found.contains(slot->version)) continue;
    auto version = view.find_version(instance.template_name, slot->version);
    if (version) found.emplace(slot->version, std::move(version));
  }
  return found;
}

// Of each copy that waits for a node.
Explanations why_waiting(const Services& services, const core::Instance& instance,
                         const Versions& versions,
                         const std::vector<core::Ptr<core::Allocation>>& slots) {
  Explanations found;
  if (core::is_terminal(instance.state)) return found;
  Versions resolved;  // as far as something waits
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::shared_ptr<const Explanation>> of_groups;
  std::vector<engine::NodeStatus> nodes;
  for (const auto& slot : slots) {
    const auto version = versions.find(slot->version);
    if (slot->node || core::is_terminal(*slot) || version == versions.end()) continue;
    auto& from = resolved[slot->version];
    if (!from) from = core::resolve(version->second, instance.parameters);
    if (slot->role.group >= from->spec.groups.size()) continue;
    const core::GroupSpec& group = from->spec.groups[slot->role.group];
    if (slot->pinned) {
      std::vector<engine::NodeStatus> only;
      if (auto node = services.view.find_node_status(*slot->pinned)) only.push_back(*node);
      found[slot->id.slot] = std::make_shared<const Explanation>(explain(group, only));
      continue;
    }
    auto& shared = of_groups[{slot->version, slot->role.group}];
    if (nodes.empty()) nodes = services.view.nodes();
    if (!shared) shared = std::make_shared<const Explanation>(explain(group, nodes));
    found[slot->id.slot] = shared;
  }
  return found;
}

Response show(const Services& services, const core::Instance& instance,
              const std::vector<core::Ptr<core::Allocation>>& slots) {
  NodeLacks lacks;
  for (const auto& slot : slots) {
    if (!slot->node || lacks.contains(*slot->node)) continue;
    const auto node = services.view.find_node(*slot->node);
    if (node) lacks.emplace(node->id, node->degraded);
  }
  const Versions versions = versions_of(services.view, instance, slots);
  return with_body(instance_json(instance, slots, versions, services.view.cluster(), lacks,
                                 why_waiting(services, instance, versions, slots)));
}

// All slots of an instance that is in the hot state; nothing if it has just left it.
std::optional<std::vector<core::Ptr<core::Allocation>>> slots_of(const engine::View& view,
                                                                 const core::Instance& instance) {
  std::vector<core::Ptr<core::Allocation>> slots;
  core::for_each_slot(instance, [&](std::uint32_t slot) {
    // One that has just gone is not of interest.
    if (auto copy = view.find_allocation(instance.id, slot)) slots.push_back(std::move(copy));
  });
  if (!view.find_instance(instance.id)) return std::nullopt;
  return slots;
}

std::string why_suspended(const core::ClusterStatus& status) {
  return std::to_string(status.silent_nodes) + " of " + std::to_string(status.nodes) +
         " nodes went silent at once, or did not come back after the master's start: nothing of "
         "them is given up or replaced until enough are heard again, or POST "
         "/api/v1/cluster/resume says that they are lost";
}

}  // namespace

Answer get_instance(const Services& services, const Request& request) {
  const auto id = InstanceId::parse(request.path_parameter);
  if (!id) return no_instance_id(request.path_parameter);
  // In this order: an instance is in the history before it leaves the view.
  if (const auto instance = services.view.find_instance(*id)) {
    if (const auto slots = slots_of(services.view, *instance)) {
      return show(services, *instance, *slots);
    }
  }
  const auto finished = services.store.find_finished(*id);
  if (!finished) return to_response(history_problem(finished.error()));
  if (*finished) return show(services, *(*finished)->instance, (*finished)->allocations);
  return to_response({Code::unknown_instance,
                      "no instance has the id " + id->text() +
                          "; it was never deployed, or is older than the history that is kept",
                      ""});
}

Answer deploy_instance(const Services&, const Request& request) {
  DeployBody body;
  if (auto problem = read_deploy_body(request.body, body)) return to_response(*problem);
  core::Deploy command{body.template_name, InstanceId{new_uuid()}, std::move(body.parameters)};
  auto answer = [id = command.id, name = command.template_name](const core::Reply& reply) {
    const Place top;
    switch (reply.code) {
      case core::ReplyCode::ok:
        return id_response(id);
      case core::ReplyCode::unknown_template:
        return to_response(
            problem_at(Place(top, "template"), Code::unknown_template,
                       "no template is named " + excerpt(name) + "; create it first"));
      case core::ReplyCode::wrong_parameter:
        return to_response(problem_at(Place(Place(top, "parameters"), reply.parameter),
                                      Code::invalid_value, reply.detail));
      default:
        return unexpected_reply();
    }
  };
  return Submission{std::move(command), std::move(answer)};
}

Answer get_cluster(const Services& services, const Request&) {
  const core::ClusterStatus status = services.view.cluster();
  boost::json::object out;
  core::UnixMs since = status.since;
  if (const auto read_only = services.view.read_only()) {
    out["state"] = "read_only";
    out["reason"] = read_only_problem(read_only->reason).message;
    since = read_only->since;
  } else if (status.suspects) {
    out["state"] = "suspended";
    out["reason"] = why_suspended(status);
  } else {
    out["state"] = "normal";
  }
  if (since != 0) out["since"] = timestamp(since);
  out["nodes"] = status.nodes;
  out["online_nodes"] = status.online_nodes;
  out["silent_nodes"] = status.silent_nodes;
  out["live_instances"] = services.view.live_instances();
  return with_body(boost::json::serialize(out));
}

Answer resume_cluster(const Services&, const Request&) {
  auto answer = [](const core::Reply&) { return with_body(R"({"status":"success"})"); };
  return Submission{core::ResumeReplacements{}, std::move(answer)};
}

}  // namespace drover::http
