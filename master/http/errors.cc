#include "master/http/errors.h"

#include <array>

#include "master/http/json_text.h"

namespace drover::http {
namespace {

constexpr std::array kCodes = {
    CodeInfo{Code::malformed_request, 400, "malformed_request",
             "no HTTP, two readings possible, Host missing or twice"},
    CodeInfo{Code::malformed_target, 400, "malformed_target",
             "no path or URL, a bad percent escape, `%00`, a fragment"},
    CodeInfo{Code::unexpected_query, 400, "unexpected_query",
             "a query parameter that the call does not take, or a wrong value of one"},
    CodeInfo{Code::empty_body, 400, "empty_body", "nothing but white space"},
    CodeInfo{Code::malformed_json, 400, "malformed_json",
             "no JSON, not UTF-8, a byte order mark, nested too deep, text after the end"},
    CodeInfo{Code::duplicate_field, 400, "duplicate_field", "two members of one name in an object"},
    CodeInfo{Code::unknown_field, 400, "unknown_field",
             "the object has no such field; the nearest known name is told"},
    CodeInfo{Code::missing_field, 400, "missing_field", "a field that must be there is not"},
    CodeInfo{Code::wrong_type, 400, "wrong_type",
             "another type was expected than was found; both are told"},
    CodeInfo{Code::invalid_value, 400, "invalid_value", "right type, wrong content"},
    CodeInfo{Code::invalid_id, 400, "invalid_id", "no UUID"},
    CodeInfo{Code::foreign_host, 403, "foreign_host", "Host is not this server (on loopback)"},
    CodeInfo{Code::foreign_origin, 403, "foreign_origin", "Origin is not this server"},
    CodeInfo{Code::unknown_path, 404, "unknown_path", "there is no such call; `GET /` lists them"},
    CodeInfo{Code::unknown_template, 404, "unknown_template", "no template has this name"},
    CodeInfo{Code::unknown_instance, 404, "unknown_instance", "neither alive nor in the history"},
    CodeInfo{Code::unknown_version, 404, "unknown_version",
             "the template has no such version, or none any more"},
    CodeInfo{Code::unknown_group, 404, "unknown_group",
             "the template has no group of this name or position"},
    CodeInfo{Code::unknown_task, 404, "unknown_task",
             "the instance has no task of this name or position there"},
    CodeInfo{Code::unknown_attempt, 404, "unknown_attempt",
             "the task has had no such attempt, or the copy no such generation"},
    CodeInfo{Code::unknown_node, 404, "unknown_node", "no node has this id"},
    CodeInfo{Code::method_not_allowed, 405, "method_not_allowed",
             "the path has other methods, which `Allow` lists"},
    CodeInfo{Code::request_timeout, 408, "request_timeout",
             "header or body took too long to arrive"},
    CodeInfo{Code::template_exists, 409, "template_exists", "the name has other content"},
    CodeInfo{Code::template_in_use, 409, "template_in_use", "an instance of it has not ended"},
    CodeInfo{Code::not_a_service, 409, "not_a_service", "only services are updated and scaled"},
    CodeInfo{Code::no_count, 409, "no_count",
             "an instance of kind `system` has one copy on every node that it fits"},
    CodeInfo{Code::other_kind, 409, "other_kind",
             "that version of the template is of another kind"},
    CodeInfo{Code::stopping, 409, "stopping", "the instance was asked to stop, which is final"},
    CodeInfo{Code::instance_not_over, 409, "instance_not_over", "the instance has not ended"},
    CodeInfo{Code::nothing_running, 409, "nothing_running", "of what is named nothing runs"},
    CodeInfo{Code::node_online, 409, "node_online", "only a node that is offline can be removed"},
    CodeInfo{Code::node_in_use, 409, "node_in_use",
             "something is placed on the node and has not been given up"},
    CodeInfo{Code::events_gone, 410, "events_gone",
             "events that were asked for are not kept any more"},
    CodeInfo{Code::precondition_failed, 412, "precondition_failed",
             "the template is at another version than `If-Match` says, or exists, against "
             "`If-None-Match: *`"},
    CodeInfo{Code::body_too_large, 413, "body_too_large", "the body is longer than 1 MiB"},
    CodeInfo{Code::target_too_long, 414, "target_too_long", "the target is longer than may be"},
    CodeInfo{Code::expectation_failed, 417, "expectation_failed",
             "an `Expect` other than `100-continue`"},
    CodeInfo{Code::idempotency_key_reused, 422, "idempotency_key_reused",
             "the key was given with a deploy of something else"},
    CodeInfo{Code::header_too_large, 431, "header_too_large", "the header is longer than 16 KiB"},
    CodeInfo{Code::internal_error, 500, "internal_error", "a mistake of the master's own"},
    CodeInfo{Code::record_damaged, 500, "record_damaged",
             "the record of this instance, which has ended, cannot be read; everything else can"},
    CodeInfo{Code::unsupported_method, 501, "unsupported_method", "HTTP knows no such method"},
    CodeInfo{Code::unsupported_transfer_encoding, 501, "unsupported_transfer_encoding",
             "anything but `chunked` alone"},
    CodeInfo{Code::overloaded, 503, "overloaded",
             "the engine's inbox is full; nothing was done; with `Retry-After`"},
    CodeInfo{Code::too_many_connections, 503, "too_many_connections", "with `Retry-After`"},
    CodeInfo{Code::store_failed, 503, "store_failed",
             "the change could not be written, or the history could not be read"},
    CodeInfo{Code::read_only, 503, "read_only",
             "an earlier write failed: nothing is written until the master is started again"},
    CodeInfo{Code::stop_not_recorded, 503, "stop_not_recorded",
             "the same, and the nodes were told to stop what runs: see `master/README.md`"},
    CodeInfo{Code::stream_ended, 503, "stream_ended", "at the end of a stream: the master stops"},
    CodeInfo{Code::too_slow, 503, "too_slow",
             "at the end of a stream: too much waits to be read; go on where it ended"},
    CodeInfo{Code::nodes_unreachable, 503, "nodes_unreachable",
             "no node of what is named can be told anything now; nothing was done"},
    CodeInfo{Code::unsupported_version, 505, "unsupported_version",
             "neither HTTP/1.0 nor HTTP/1.1"},
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
