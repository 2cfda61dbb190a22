#include "master/http/api/answers.h"

#include <utility>

#include "master/http/errors.h"
#include "master/http/json_text.h"

namespace drover::http {

Response with_body(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

Response id_response(const InstanceId& id) { return with_body(R"({"id":")" + id.text() + R"("})"); }

Response no_instance_id(std::string_view text) {
  return to_response(
      {Code::invalid_id,
       excerpt(text) + " in the path is no UUID; use the id that deploy answered with", ""});
}

Response no_live_instance(const InstanceId& id) {
  return to_response(
      {Code::unknown_instance, "no instance that has not ended has the id " + id.text(), ""});
}

Response is_stopping() {
  return to_response({Code::stopping, "it was asked to stop, which is final", ""});
}

Response unexpected_reply() {
  return to_response(
      {Code::internal_error, "the engine gave an answer that does not fit the call", ""});
}

}  // namespace drover::http
