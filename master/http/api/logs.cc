#include "master/http/api/logs.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/limits.h"
#include "master/http/api/answers.h"
#include "master/http/api/filters.h"
#include "master/http/api/instance_view.h"
#include "master/http/api/log_source.h"
#include "master/http/errors.h"
#include "master/http/json_text.h"
#include "master/http/query.h"
#include "master/http/store_problem.h"

namespace drover::http {
namespace {

constexpr std::uint32_t kMost = UINT32_MAX;

MaybeProblem read_optional_number(const QueryValues& query, std::string_view name,
                                  std::uint32_t least, std::uint32_t most,
                                  std::optional<std::uint32_t>& out) {
  if (query.find(name) == nullptr) return std::nullopt;
  std::uint32_t number = 0;
  if (auto problem = read_number(query, name, least, most, number)) return problem;
  out = number;
  return std::nullopt;
}

void read_text(const QueryValues& query, std::string_view name, std::optional<std::string>& out) {
  if (const std::string* text = query.find(name)) out = *text;
}

MaybeProblem read_selection(const QueryValues& query, LogSelection& selection) {
  read_text(query, "group", selection.group);
  read_text(query, "task", selection.task);
  if (auto problem = read_optional_number(query, "index", 0, kMost, selection.index)) {
    return problem;
  }
  if (auto problem = read_optional_number(query, "generation", 1, kMost, selection.generation)) {
    return problem;
  }
  const std::string* attempt = query.find("attempt");
  selection.all_attempts = attempt != nullptr && *attempt == "all";
  if (selection.all_attempts) return std::nullopt;
  return read_optional_number(query, "attempt", 1, kMost, selection.attempt);
}

MaybeProblem read_streams(const QueryValues& query, LogRequest& wanted) {
  const std::string* stream = query.find("stream");
  if (stream == nullptr || *stream == "both") return std::nullopt;
  wanted.output = *stream == "stdout";
  wanted.error_output = *stream == "stderr";
  if (wanted.output || wanted.error_output) return std::nullopt;
  return Problem{Code::unexpected_query,
                 "stream=" + excerpt(*stream) + " is none of: stdout, stderr, both", ""};
}

MaybeProblem read_request(const QueryValues& query, LogRequest& wanted) {
  if (auto problem = read_selection(query, wanted.selection)) return problem;
  if (auto problem = read_streams(query, wanted)) return problem;
  if (auto problem = read_flag(query, "follow", wanted.follow)) return problem;
  std::optional<std::uint32_t> tail;
  if (auto problem = read_optional_number(query, "tail", 0, limits::kLogTail, tail)) return problem;
  if (tail) wanted.tail_lines = *tail;
  std::optional<core::UnixMs> since;
  if (auto problem = read_time(query, "since", since)) return problem;
  wanted.since = since.value_or(wanted.since);
  return std::nullopt;
}

// Text where text is asked for, or nothing else and there is but one attempt that it can be of.
LogFormat format_of(const std::string& accept, const LogRequest& wanted, bool is_one_attempt) {
  if (accept.find("application/x-ndjson") != std::string::npos) return LogFormat::json;
  if (!is_one_attempt) {
    const bool text = accept.find("text/plain") != std::string::npos;
    return text ? LogFormat::labelled : LogFormat::json;
  }
  const bool both = wanted.output && wanted.error_output;
  return wanted.follow && both ? LogFormat::lines : LogFormat::plain;
}

// Also of what will join: only where an attempt is named, or the present one is all there is.
bool is_one_attempt(const LogRequest& wanted, const std::vector<LogTarget>& targets) {
  if (targets.size() != 1) return false;
  return !wanted.follow || wanted.selection.attempt || wanted.selection.generation;
}

std::size_t streams_in(const LogRequest& wanted, const std::vector<LogTarget>& targets) {
  return targets.size() * (wanted.output && wanted.error_output ? 2 : 1);
}

}  // namespace

Answer get_logs(const Services& services, const Request& request) {
  const auto id = InstanceId::parse(request.path_parameter);
  if (!id) return no_instance_id(request.path_parameter);
  LogRequest wanted;
  wanted.instance = *id;
  if (auto problem = read_request(request.query, wanted)) return to_response(*problem);
  const auto found = find_instance(services, *id);
  if (!found) return to_response(history_problem(found.error()));
  if (!*found) return to_response(unknown_instance(*id));
  const Versions versions = versions_of(services, **found);
  if (auto problem = check_selection(**found, versions, wanted.selection)) {
    return to_response(*problem);
  }
  std::vector<LogTarget> targets = log_targets(**found, versions, wanted.selection);
  if (wanted.follow && streams_in(wanted, targets) > limits::kLogStreams) {
    return to_response({Code::unexpected_query,
                        "that is to follow " + std::to_string(streams_in(wanted, targets)) +
                            " streams, and " + std::to_string(limits::kLogStreams) +
                            " are possible; name a group, an index or a task",
                        ""});
  }
  wanted.format =
      format_of(request.head.rare().accept.value, wanted, is_one_attempt(wanted, targets));
  const bool json = wanted.format == LogFormat::json;
  return Stream{json ? "application/x-ndjson" : "text/plain; charset=utf-8",
                std::make_unique<LogSource>(services, std::move(wanted), std::move(targets))};
}

}  // namespace drover::http
