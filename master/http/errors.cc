#include "master/http/errors.h"

#include <array>

#include "master/http/json_text.h"

namespace drover::http {
namespace {

constexpr std::array kCodes = {
    CodeInfo{Code::malformed_request, 400, "malformed_request"},
    CodeInfo{Code::malformed_target, 400, "malformed_target"},
    CodeInfo{Code::unexpected_query, 400, "unexpected_query"},
    CodeInfo{Code::empty_body, 400, "empty_body"},
    CodeInfo{Code::malformed_json, 400, "malformed_json"},
    CodeInfo{Code::duplicate_field, 400, "duplicate_field"},
    CodeInfo{Code::unknown_field, 400, "unknown_field"},
    CodeInfo{Code::missing_field, 400, "missing_field"},
    CodeInfo{Code::wrong_type, 400, "wrong_type"},
    CodeInfo{Code::invalid_value, 400, "invalid_value"},
    CodeInfo{Code::invalid_id, 400, "invalid_id"},
    CodeInfo{Code::foreign_host, 403, "foreign_host"},
    CodeInfo{Code::foreign_origin, 403, "foreign_origin"},
    CodeInfo{Code::unknown_path, 404, "unknown_path"},
    CodeInfo{Code::unknown_template, 404, "unknown_template"},
    CodeInfo{Code::unknown_instance, 404, "unknown_instance"},
    CodeInfo{Code::unknown_version, 404, "unknown_version"},
    CodeInfo{Code::unknown_group, 404, "unknown_group"},
    CodeInfo{Code::unknown_task, 404, "unknown_task"},
    CodeInfo{Code::unknown_attempt, 404, "unknown_attempt"},
    CodeInfo{Code::unknown_node, 404, "unknown_node"},
    CodeInfo{Code::method_not_allowed, 405, "method_not_allowed"},
    CodeInfo{Code::request_timeout, 408, "request_timeout"},
    CodeInfo{Code::template_exists, 409, "template_exists"},
    CodeInfo{Code::template_in_use, 409, "template_in_use"},
    CodeInfo{Code::not_a_service, 409, "not_a_service"},
    CodeInfo{Code::no_count, 409, "no_count"},
    CodeInfo{Code::other_kind, 409, "other_kind"},
    CodeInfo{Code::stopping, 409, "stopping"},
    CodeInfo{Code::events_gone, 410, "events_gone"},
    CodeInfo{Code::precondition_failed, 412, "precondition_failed"},
    CodeInfo{Code::body_too_large, 413, "body_too_large"},
    CodeInfo{Code::target_too_long, 414, "target_too_long"},
    CodeInfo{Code::expectation_failed, 417, "expectation_failed"},
    CodeInfo{Code::header_too_large, 431, "header_too_large"},
    CodeInfo{Code::internal_error, 500, "internal_error"},
    CodeInfo{Code::record_damaged, 500, "record_damaged"},
    CodeInfo{Code::unsupported_method, 501, "unsupported_method"},
    CodeInfo{Code::unsupported_transfer_encoding, 501, "unsupported_transfer_encoding"},
    CodeInfo{Code::overloaded, 503, "overloaded"},
    CodeInfo{Code::too_many_connections, 503, "too_many_connections"},
    CodeInfo{Code::store_failed, 503, "store_failed"},
    CodeInfo{Code::read_only, 503, "read_only"},
    CodeInfo{Code::stop_not_recorded, 503, "stop_not_recorded"},
    CodeInfo{Code::stream_ended, 503, "stream_ended"},
    CodeInfo{Code::too_slow, 503, "too_slow"},
    CodeInfo{Code::unsupported_version, 505, "unsupported_version"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kCodes.size(); ++i) {
    if (kCodes[i].code != static_cast<Code>(i)) return false;
  }
  return true;
}
static_assert(in_order(), "a code is its place in the table");
static_assert(kCodes.back().code == Code::unsupported_version, "every code is in the table");

}  // namespace

std::span<const CodeInfo> all_codes() { return kCodes; }

const CodeInfo& info(Code code) { return kCodes[static_cast<std::size_t>(code)]; }

Response to_response(const Problem& problem) {
  const CodeInfo& code = info(problem.code);
  Response response;
  response.status = code.status;
  response.body.append(R"({"status":"error","code":")").append(code.word);
  response.body.append(R"(","message":)").append(json_quote(problem.message)).append("}");
  response.allow = problem.allow;
  response.retry_after =
      problem.code == Code::overloaded || problem.code == Code::too_many_connections;
  return response;
}

}  // namespace drover::http
