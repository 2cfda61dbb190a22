#include "master/http/api/seed.h"

#include <utility>

#include "common/ids.h"
#include "master/engine/view.h"
#include "master/http/api/answers.h"
#include "master/http/api/bodies.h"
#include "master/http/api/request_key.h"
#include "master/http/errors.h"
#include "master/http/json_text.h"
#include "master/http/store_problem.h"
#include "master/http/template/templates.h"
#include "master/store/store.h"

namespace drover::http {
namespace {

Response unknown_template(const std::string& name) {
  return to_response({Code::unknown_template,
                      "at /name: no template is named " + excerpt(name) + "; create it first", ""});
}

Response unknown_instance(const InstanceId& id) {
  return to_response({Code::unknown_instance,
                      "at /id: no instance has the id " + id.text() +
                          "; it was never deployed, or is older than the history that is kept",
                      ""});
}

int status_number(core::InstanceState state) {
  const bool fine = state == core::InstanceState::starting || state == core::InstanceState::running;
  return fine ? 0 : 1;
}

Response status_response(const InstanceId& id, core::InstanceState state) {
  return with_body(R"({"id":")" + id.text() + R"(","status":)" +
                   std::to_string(status_number(state)) + "}");
}

// Answers from the history: `found` if the instance is in it.
Response from_history(const store::Store& store, const InstanceId& id,
                      Response (*found)(const core::Instance&)) {
  const auto finished = store.find_finished(id);
  if (!finished) return to_response(history_problem(finished.error()));
  return *finished ? found(*(*finished)->instance) : unknown_instance(id);
}

void append_node(const engine::NodeStatus& status, std::string& out) {
  const bool online = status.node->online;
  const auto percent = [&](std::uint8_t value) { return std::to_string(online ? value : 0); };
  out.append(R"({"ip":)").append(json_quote(status.node->ip));
  out.append(R"(,"status":)").append(online ? "0" : "1");
  out.append(R"(,"resources":"cpu_usage_percent:)").append(percent(status.usage.cpu_percent));
  out.append(",memory_usage_percent:").append(percent(status.usage.memory_percent));
  out.append(R"("})");
}

}  // namespace

Answer create_template(const Services&, const Request& request) {
  core::CreateTemplate command;
  if (auto problem = read_template(request.body, command.spec)) return to_response(*problem);
  command.document = compact_json(request.body);
  auto answer = [name = command.spec.name](const core::Reply& reply) {
    switch (reply.code) {
      case core::ReplyCode::ok:
        return with_body(R"({"status":"success"})");
      case core::ReplyCode::template_conflict:
        return to_response({Code::template_exists,
                            "at /name: a template named " + excerpt(name) +
                                " exists with other content; choose another name",
                            ""});
      default:
        return unexpected_reply();
    }
  };
  return Submission{std::move(command), std::move(answer)};
}

Answer query_template(const Services& services, const Request& request) {
  std::string name;
  if (auto problem = read_name_body(request.body, name)) return to_response(*problem);
  const auto found = services.view.find_template(name);
  if (!found) return unknown_template(name);
  Response response;
  response.shared_body = std::shared_ptr<const std::string>(found, &found->document);
  return response;
}

Answer deploy(const Services&, const Request& request) {
  core::Deploy command;
  if (auto problem = read_name_body(request.body, command.template_name)) {
    return to_response(*problem);
  }
  command.id = InstanceId{new_uuid()};
  if (auto problem = read_request_key(request.head, command)) return to_response(*problem);
  auto answer = [name = command.template_name](const core::Reply& reply) {
    switch (reply.code) {
      case core::ReplyCode::ok:
        return id_response(*reply.instance);
      case core::ReplyCode::key_reused:
        return to_response(key_reused());
      case core::ReplyCode::unknown_template:
        return unknown_template(name);
      case core::ReplyCode::wrong_parameter:
        return to_response({Code::invalid_value,
                            "at /name: the template wants parameters, and '" + reply.parameter +
                                "' " + reply.detail + ": POST /api/v1/instances takes them",
                            ""});
      default:
        return unexpected_reply();
    }
  };
  return Submission{std::move(command), std::move(answer)};
}

Answer query_instance(const Services& services, const Request& request) {
  InstanceId id;
  if (auto problem = read_id_body(request.body, id)) return to_response(*problem);
  // In this order: an instance is in the history before it leaves the view.
  if (const auto instance = services.view.find_instance(id)) {
    return status_response(id, instance->state);
  }
  return from_history(services.store, id, [](const core::Instance& instance) {
    return status_response(instance.id, instance.state);
  });
}

Answer stop_instance(const Services& services, const Request& request) {
  InstanceId id;
  if (auto problem = read_id_body(request.body, id)) return to_response(*problem);
  auto answer = [id, &store = services.store](const core::Reply& reply) {
    switch (reply.code) {
      case core::ReplyCode::ok:
        return id_response(id);
      case core::ReplyCode::unknown_instance:
        return from_history(
            store, id, [](const core::Instance& instance) { return id_response(instance.id); });
      default:
        return unexpected_reply();
    }
  };
  return Submission{core::Stop{id}, std::move(answer)};
}

Answer list_nodes(const Services& services, const Request&) {
  constexpr std::size_t kTypicalNodeBytes = 100;
  const auto nodes = services.view.nodes();
  std::string body;
  body.reserve(nodes.size() * kTypicalNodeBytes + 16);
  body += R"({"nodes":[)";
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i > 0) body += ',';
    append_node(nodes[i], body);
  }
  body += "]}";
  return with_body(std::move(body));
}

}  // namespace drover::http
