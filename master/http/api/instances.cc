#include "master/http/api/instances.h"

#include <utility>

#include "master/http/api/answers.h"
#include "master/http/api/awaited_instance.h"
#include "master/http/api/bodies.h"
#include "master/http/api/instance_view.h"
#include "master/http/api/request_key.h"
#include "master/http/api/waiting.h"
#include "master/http/errors.h"
#include "master/http/json_fields.h"
#include "master/http/json_text.h"
#include "master/http/query.h"
#include "master/http/store_problem.h"

namespace drover::http {

Answer get_instance(const Services& services, const Request& request) {
  const auto id = InstanceId::parse(request.path_parameter);
  if (!id) return no_instance_id(request.path_parameter);
  std::optional<WaitFor> wait;
  if (auto problem = read_wait(request.query, wait)) return to_response(*problem);
  if (wait) return await_instance(services, *id, *wait);
  const auto found = find_instance(services, *id);
  if (!found) return to_response(history_problem(found.error()));
  if (!*found) return to_response(unknown_instance(*id));
  return show(services, **found);
}

Answer end_instance(const Services& services, const Request& request) {
  const auto id = InstanceId::parse(request.path_parameter);
  if (!id) return no_instance_id(request.path_parameter);
  auto answer = [id = *id, services](const core::Reply& reply) {
    if (reply.code == core::ReplyCode::ok) return id_response(id);
    if (reply.code != core::ReplyCode::unknown_instance) return unexpected_reply();
    // What has ended is stopped already.
    const auto found = find_instance(services, id);
    if (!found) return to_response(history_problem(found.error()));
    return *found ? id_response(id) : to_response(unknown_instance(id));
  };
  return Submission{core::Stop{*id}, std::move(answer)};
}

Answer forget_instance(const Services& services, const Request& request) {
  const auto id = InstanceId::parse(request.path_parameter);
  if (!id) return no_instance_id(request.path_parameter);
  const auto found = find_instance(services, *id);
  const bool is_damaged = !found && found.error().kind == ErrorKind::invalid;
  if (!found && !is_damaged) return to_response(history_problem(found.error()));
  if (found && !*found) return to_response(unknown_instance(*id));
  core::ForgetInstance command{*id, found ? (*found)->instance->template_name : ""};
  return Submission{
      std::move(command), [id = *id](const core::Reply& reply) {
        if (reply.code == core::ReplyCode::ok) return id_response(id);
        if (reply.code != core::ReplyCode::not_over) return unexpected_reply();
        return to_response(
            {Code::instance_not_over,
             "instance " + id.text() + " has not ended; stop it, and remove it when it has", ""});
      }};
}

namespace {

Response refused_deploy(const core::Reply& reply, const std::string& name) {
  const Place top;
  switch (reply.code) {
    case core::ReplyCode::key_reused:
      return to_response(key_reused());
    case core::ReplyCode::unknown_template:
      return to_response(problem_at(Place(top, "template"), Code::unknown_template,
                                    "no template is named " + excerpt(name) + "; create it first"));
    case core::ReplyCode::wrong_parameter:
      return to_response(problem_at(Place(Place(top, "parameters"), reply.parameter),
                                    Code::invalid_value, reply.detail));
    default:
      return unexpected_reply();
  }
}

Answer try_deploy(const Services& services, DeployBody body) {
  auto answer = [name = body.template_name, &view = services.view](const core::Reply& reply) {
    return reply.plan ? plan_response(view, *reply.plan) : refused_deploy(reply, name);
  };
  return Submission{core::DryRun{std::move(body.template_name), std::move(body.parameters)},
                    std::move(answer)};
}

}  // namespace

Answer deploy_instance(const Services& services, const Request& request) {
  bool dry_run = false;
  if (auto problem = read_flag(request.query, "dry_run", dry_run)) return to_response(*problem);
  DeployBody body;
  if (auto problem = read_deploy_body(request.body, body)) return to_response(*problem);
  if (dry_run) return try_deploy(services, std::move(body));
  core::Deploy command{body.template_name, InstanceId{new_uuid()}, std::move(body.parameters)};
  if (auto problem = read_request_key(request.head, command)) return to_response(*problem);
  auto answer = [name = command.template_name](const core::Reply& reply) {
    return reply.code == core::ReplyCode::ok ? id_response(*reply.instance)
                                             : refused_deploy(reply, name);
  };
  return Submission{std::move(command), std::move(answer)};
}

}  // namespace drover::http
