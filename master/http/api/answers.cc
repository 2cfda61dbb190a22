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

Response unexpected_reply() {
  return to_response(
      {Code::internal_error, "the engine gave an answer that does not fit the call", ""});
}

}  // namespace drover::http
