#include "master/http/api/task_requests.h"

#include <string>
#include <utility>

#include "master/http/api/answers.h"
#include "master/http/api/task_bodies.h"
#include "master/http/errors.h"
#include "master/http/json_fields.h"

namespace drover::http {
namespace {

// {"id":"<uuid>","tasks":2,"unreachable":0}
Response counted(const InstanceId& id, const core::Reply& reply) {
  return with_body(R"({"id":")" + id.text() + R"(","tasks":)" + std::to_string(reply.tasks) +
                   R"(,"unreachable":)" + std::to_string(reply.unreachable) + "}");
}

Response answer_to_request(const core::Reply& reply, const InstanceId& id) {
  switch (reply.code) {
    case core::ReplyCode::ok:
      return counted(id, reply);
    case core::ReplyCode::unknown_instance:
      return no_live_instance(id);
    case core::ReplyCode::unknown_group:
      return to_response(problem_at(Place(Place(), "group"), Code::unknown_group,
                                    "it has no copy of such a group; use the group's name, or its "
                                    "position from 0 where it has none"));
    case core::ReplyCode::unknown_task:
      return to_response(problem_at(Place(Place(), "task"), Code::unknown_task,
                                    "there is no task of this name; GET the instance for those "
                                    "that it has"));
    case core::ReplyCode::nothing_running:
      return to_response({Code::nothing_running,
                          "nothing of what is named runs now; GET the instance for how it stands",
                          ""});
    case core::ReplyCode::stopping:
      return is_stopping();
    default:
      return unexpected_reply();
  }
}

}  // namespace

Answer restart_tasks(const Services&, const Request& request) {
  const auto id = InstanceId::parse(request.path_parameter);
  if (!id) return no_instance_id(request.path_parameter);
  core::RestartTasks command{*id, {}};
  if (auto problem = read_restart_body(request.body, command.tasks)) return to_response(*problem);
  return Submission{std::move(command),
                    [id = *id](const core::Reply& reply) { return answer_to_request(reply, id); }};
}

Answer signal_tasks(const Services&, const Request& request) {
  const auto id = InstanceId::parse(request.path_parameter);
  if (!id) return no_instance_id(request.path_parameter);
  SignalBody body;
  if (auto problem = read_signal_body(request.body, body)) return to_response(*problem);
  core::SignalTasks command{*id, std::move(body.tasks), std::move(body.signal)};
  return Submission{std::move(command), [id = *id](const core::Reply& reply) {
                      const bool none =
                          reply.code == core::ReplyCode::ok && reply.tasks == reply.unreachable;
                      if (!none) return answer_to_request(reply, id);
                      return to_response({Code::nodes_unreachable,
                                          "nothing was sent: no node of what is named can be told "
                                          "now, and a signal is not kept; try again",
                                          ""});
                    }};
}

}  // namespace drover::http
