#include "master/http/answers.h"

#include <utility>

#include "master/http/errors.h"

namespace drover::http {

Response with_body(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

Response id_response(const InstanceId& id) { return with_body(R"({"id":")" + id.text() + R"("})"); }

Response unexpected_reply() {
  return to_response(
      {Code::internal_error, "the engine gave an answer that does not fit the call", ""});
}

}  // namespace drover::http
