#include "master/http/api/own.h"

#include <memory>
#include <string>

#include "common/service.h"
#include "master/engine/engine.h"
#include "master/engine/view.h"
#include "master/http/errors.h"
#include "master/http/json_text.h"
#include "master/http/openapi/document.h"
#include "master/http/routes.h"
#include "master/http/store_problem.h"

namespace drover::http {
namespace {

Response ok() {
  Response response;
  response.body = R"({"status":"ok"})";
  return response;
}

}  // namespace

Answer healthz(const Services&, const Request&) { return ok(); }

Answer readyz(const Services& services, const Request&) {
  if (const auto read_only = services.view.read_only()) {
    return to_response(read_only_problem(read_only->reason));
  }
  if (!services.engine.is_full()) return ok();
  return to_response({Code::overloaded, "too many commands wait; try again in a moment", ""});
}

Answer get_openapi(const Services&, const Request&) {
  Response response;
  // The document outlives every answer.
  response.shared_body =
      std::shared_ptr<const std::string>(std::shared_ptr<void>(), &openapi::document());
  return response;
}

Answer about(const Services&, const Request&) {
  Response response;
  response.body = R"({"service":"drover-master","version":")" DROVER_VERSION R"(","calls":[)";
  for (const Route& route : routes()) {
    if (&route != routes().data()) response.body += ',';
    response.body.append(R"({"method":")").append(word_of(route.method));
    response.body.append(R"(","path":")").append(route.path);
    response.body.append(R"(","summary":)").append(json_quote(route.summary)).append("}");
  }
  response.body += "]}";
  return response;
}

}  // namespace drover::http
