#include "master/http/api/nodes.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <utility>
#include <vector>

#include "master/core/resources.h"
#include "master/engine/view.h"
#include "master/http/api/answers.h"
#include "master/http/api/bodies.h"
#include "master/http/api/pages.h"
#include "master/http/api/timestamp.h"
#include "master/http/errors.h"
#include "master/http/json_text.h"

namespace drover::http {
namespace {

namespace json = boost::json;

Problem no_node(const std::string& text) {
  return {Code::unknown_node,
          "no node has the id " + excerpt(text) + "; GET /api/v1/nodes lists them", ""};
}

json::object to_json(const core::Resources& resources) {
  return {{"cpu", static_cast<double>(resources.cpu_thousandths) / 1000},
          {"memory_bytes", resources.memory_bytes}};
}

json::object to_json(const std::map<std::string, std::string>& texts) {
  json::object out;
  for (const auto& [name, value] : texts) out[name] = value;
  return out;
}

// What is placed on the node and has not ended; of a node that is drained, what is left.
json::array to_json(const std::vector<core::Ptr<core::Allocation>>& copies) {
  json::array out;
  for (const auto& copy : copies) {
    out.push_back({{"instance", copy->id.instance.text()},
                   {"allocation", copy->id.text()},
                   {"asked_to_end", copy->retirement != core::Retirement::none}});
  }
  return out;
}

json::object to_json(const engine::NodeStatus& status) {
  const core::Node& node = *status.node;
  json::object out;
  out["id"] = node.id.text();
  out["ip"] = node.ip;
  out["online"] = node.online;
  out["since"] = timestamp(node.status_since);
  out["labels"] = to_json(node.labels);
  out["attributes"] = to_json(node.attributes);
  out["agent_version"] = node.agent_version;
  out["degraded"] = json::array(node.degraded.begin(), node.degraded.end());
  if (!status.refuses_work.empty()) out["refuses_work"] = status.refuses_work;
  out["capacity"] = {{"cpu", node.cpu_count}, {"memory_bytes", node.memory_bytes}};
  out["reserved"] = to_json(status.reserved);
  if (status.heard_at != 0) out["last_heartbeat"] = timestamp(status.heard_at);
  out["used"] = {{"cpu_percent", status.usage.cpu_percent},
                 {"memory_percent", status.usage.memory_percent}};
  if (node.drain) {
    out["drain"] = {{"state", node.drain->done ? "drained" : "draining"},
                    {"since", timestamp(node.drain->since)},
                    {"deadline", std::to_string(node.drain->deadline.count()) + "ms"}};
  }
  return out;
}

json::array to_json(const std::vector<engine::UsageSample>& samples) {
  json::array out;
  for (const engine::UsageSample& each : samples) {
    out.push_back({{"time", timestamp(each.from)},
                   {"cpu_percent", each.usage.cpu_percent},
                   {"memory_percent", each.usage.memory_percent}});
  }
  return out;
}

json::object to_json(const engine::NodeStatus& status,
                     const std::vector<core::Ptr<core::Allocation>>& copies) {
  json::object out = to_json(status);
  if (status.node->drain) out.at("drain").as_object()["left"] = copies.size();
  out["allocations"] = to_json(copies);
  return out;
}

Response answer_to_drain(const core::Reply& reply, const NodeId& id) {
  if (reply.code == core::ReplyCode::ok) return with_body(R"({"status":"success"})");
  if (reply.code == core::ReplyCode::unknown_node) return to_response(no_node(id.text()));
  return unexpected_reply();
}

}  // namespace

Answer show_nodes(const Services& services, const Request& request) {
  std::uint32_t limit = 0;
  if (auto problem = read_limit(request.query, limit)) return to_response(*problem);
  std::optional<NodeId> after;
  if (const std::string* cursor = request.query.find("cursor")) {
    after = NodeId::parse(*cursor);
    if (!after) {
      return to_response({Code::unexpected_query,
                          "cursor=" + excerpt(*cursor) +
                              " is not one that this list has given; leave it out to begin anew",
                          ""});
    }
  }
  return page_response(
      "nodes", services.view.nodes_after(after, limit + 1), limit,
      [](const engine::NodeStatus& status) { return to_json(status); },
      [](const engine::NodeStatus& status) { return status.node->id.text(); });
}

Answer get_node(const Services& services, const Request& request) {
  const auto id = NodeId::parse(request.path_parameter);
  const auto status = id ? services.view.find_node_status(*id) : std::nullopt;
  if (!status) return to_response(no_node(request.path_parameter));
  json::object out = to_json(*status, services.view.allocations_on(*id));
  out["history"] = to_json(services.view.usage_history(*id));
  return with_body(json::serialize(out));
}

Answer remove_node(const Services&, const Request& request) {
  const auto id = NodeId::parse(request.path_parameter);
  if (!id) return to_response(no_node(request.path_parameter));
  return Submission{
      core::RemoveNode{*id}, [id = *id](const core::Reply& reply) {
        switch (reply.code) {
          case core::ReplyCode::node_online:
            return to_response(
                {Code::node_online,
                 "node " + id.text() + " is online: stop its agent first, and wait until it is not",
                 ""});
          case core::ReplyCode::node_in_use:
            return to_response({Code::node_in_use,
                                "what was placed on node " + id.text() +
                                    " has not been given up yet; GET the node for what it is, and "
                                    "stop it or wait until it is lost",
                                ""});
          default:
            return answer_to_drain(reply, id);
        }
      }};
}

Answer drain_node(const Services&, const Request& request) {
  const auto id = NodeId::parse(request.path_parameter);
  if (!id) return to_response(no_node(request.path_parameter));
  core::DrainNode command{*id};
  if (auto problem = read_drain_body(request.body, command.deadline)) return to_response(*problem);
  return Submission{std::move(command),
                    [id = *id](const core::Reply& reply) { return answer_to_drain(reply, id); }};
}

Answer resume_node(const Services&, const Request& request) {
  const auto id = NodeId::parse(request.path_parameter);
  if (!id) return to_response(no_node(request.path_parameter));
  return Submission{core::ResumeNode{*id},
                    [id = *id](const core::Reply& reply) { return answer_to_drain(reply, id); }};
}

}  // namespace drover::http
