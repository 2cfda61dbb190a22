// The one shape of an error, and the list of all codes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "master/http/message.h"

namespace drover::http {

// The words are part of the API: they never change. README.md explains each.
enum class Code {
  malformed_request,
  malformed_target,
  unexpected_query,
  empty_body,
  malformed_json,
  duplicate_field,
  unknown_field,
  missing_field,
  wrong_type,
  invalid_value,
  invalid_id,
  foreign_host,
  foreign_origin,
  unknown_path,
  unknown_template,
  unknown_instance,
  unknown_version,
  unknown_group,
  unknown_task,
  unknown_attempt,
  unknown_node,
  method_not_allowed,
  request_timeout,
  template_exists,
  template_in_use,
  not_a_service,
  no_count,
  other_kind,
  stopping,
  instance_not_over,
  nothing_running,
  node_online,
  node_in_use,
  events_gone,
  precondition_failed,
  body_too_large,
  target_too_long,
  expectation_failed,
  idempotency_key_reused,
  header_too_large,
  internal_error,
  record_damaged,
  unsupported_method,
  unsupported_transfer_encoding,
  overloaded,
  too_many_connections,
  store_failed,
  read_only,
  stop_not_recorded,
  stream_ended,
  too_slow,
  nodes_unreachable,
  unsupported_version,
};

struct CodeInfo {
  Code code;
  int status;
  std::string_view word;
  std::string_view meaning;  // for people: when it is answered
};

// In the order of the enumeration.
std::span<const CodeInfo> all_codes();
const CodeInfo& info(Code code);

// One thing that is wrong with a request.
struct Problem {
  Code code = Code::internal_error;
  std::string message;         // what is wrong, where, what to do; valid UTF-8
  std::string allow;           // with method_not_allowed: the methods that are
  bool example_shown = false;  // the message ends with a right example
};

using MaybeProblem = std::optional<Problem>;

// {"status":"error","code":"...","message":"..."}; with Retry-After where it helps to wait.
Response to_response(const Problem& problem);

}  // namespace drover::http
