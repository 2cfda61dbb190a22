#include "master/http/api/rollout.h"

#include <string>
#include <utility>

#include "master/engine/view.h"
#include "master/http/api/answers.h"
#include "master/http/api/bodies.h"
#include "master/http/errors.h"
#include "master/http/json_fields.h"
#include "master/http/json_reader.h"
#include "master/http/json_text.h"
#include "master/http/template/templates.h"

namespace drover::http {
namespace {

// What a change of an instance can be answered with.
Response answer_to_change(const core::Reply& reply, const InstanceId& id) {
  switch (reply.code) {
    case core::ReplyCode::ok:
      return with_body(R"({"status":"success"})");
    case core::ReplyCode::unknown_instance:
      return no_live_instance(id);
    case core::ReplyCode::unknown_version:
      return to_response({Code::unknown_version,
                          "its template has no such version, or none any more; leave the version "
                          "out for the newest",
                          ""});
    case core::ReplyCode::unknown_group:
      return to_response(
          problem_at(Place(Place(), "group"), Code::unknown_group,
                     "its template has no such group; use its name, or its position from 0 where "
                     "it has none"));
    case core::ReplyCode::not_a_service:
      return to_response(
          {Code::not_a_service,
           "only instances of a template of kind service or system are changed while they run; "
           "deploy another instance",
           ""});
    case core::ReplyCode::system_has_no_count:
      return to_response({Code::no_count,
                          "an instance of kind system has one copy on every node that it fits; "
                          "change the constraints of its template and update it",
                          ""});
    case core::ReplyCode::other_kind:
      return to_response({Code::other_kind,
                          "that version of its template is of another kind; deploy another "
                          "instance, and stop this one",
                          ""});
    case core::ReplyCode::stopping:
      return is_stopping();
    case core::ReplyCode::wrong_parameter:
      return to_response(
          {Code::invalid_value,
           "the version wants another parameter, " + excerpt(reply.parameter) + ": " + reply.detail,
           ""});
    default:
      return unexpected_reply();
  }
}

}  // namespace

Answer update_instance(const Services&, const Request& request) {
  const auto id = InstanceId::parse(request.path_parameter);
  if (!id) return no_instance_id(request.path_parameter);
  core::Update command{*id, {}};
  if (auto problem = read_update_body(request.body, command.version)) return to_response(*problem);
  return Submission{std::move(command),
                    [id = *id](const core::Reply& reply) { return answer_to_change(reply, id); }};
}

Answer scale_instance(const Services&, const Request& request) {
  const auto id = InstanceId::parse(request.path_parameter);
  if (!id) return no_instance_id(request.path_parameter);
  ScaleBody body;
  if (auto problem = read_scale_body(request.body, body)) return to_response(*problem);
  return Submission{core::Scale{*id, std::move(body.group), body.count},
                    [id = *id](const core::Reply& reply) { return answer_to_change(reply, id); }};
}

}  // namespace drover::http
