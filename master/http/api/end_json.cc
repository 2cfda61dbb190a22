#include "master/http/api/end_json.h"

#include <system_error>

#include "master/http/api/timestamp.h"

namespace drover::http {
namespace {

// Who or what made it end; empty where it was itself, or its stop.
const char* made_to_end(const core::TaskEnd& end) {
  switch (end.reason) {
    case EndReason::timeout:
      return ", ended by its node as its timeout was over";
    case EndReason::unhealthy:
      return ", ended by its node as its checks had failed";
    case EndReason::out_of_memory:
      return ", out of memory: the kernel killed of it";
    case EndReason::group:
      return ", ended by its node as another task of its group had failed";
    case EndReason::restart:
      return ", ended by its node to be begun again, as was asked for";
    case EndReason::itself:
    case EndReason::stop:
    case EndReason::fence:
      break;
  }
  return end.fenced ? ", ended by its node, whose lease had run out" : "";
}

}  // namespace

std::string end_text(const core::TaskEnd& end) {
  const std::string by = made_to_end(end);
  switch (end.kind) {
    case core::EndKind::none:
      return "has not ended";
    case core::EndKind::exited:
      return "exited with " + std::to_string(end.code) + by;
    case core::EndKind::signaled:
      return "was ended by signal " + std::to_string(end.code) + by;
    case core::EndKind::spawn_failed:
      return "could not be started: " + end.detail + ": " +
             std::generic_category().message(end.code);
    case core::EndKind::never_started:
      if (end.detail.empty()) return "was ended before it started" + by;
      return (end.reason == EndReason::group ? "was not begun: " : "was not taken: ") + end.detail;
    case core::EndKind::lost:
      return "was lost: " + end.detail;
  }
  return "";
}

void add_used(const ResourceUse& used, boost::json::object& out) {
  if (!used.is_known()) return;
  boost::json::object& shown = out["used"].emplace_object();
  shown["cpu_ms"] = (used.cpu_us + 500) / 1000;
  if (used.memory_bytes != 0) shown["memory_bytes"] = used.memory_bytes;
  if (used.memory_peak_bytes != 0) shown["memory_peak_bytes"] = used.memory_peak_bytes;
}

void add_used(const core::MeasuredTask& measured, boost::json::object& out) {
  add_used(measured.used, out);
  if (measured.used.is_known()) out["used"].as_object()["at"] = timestamp(measured.at);
}

void add_end(const core::TaskEnd& end, boost::json::object& out) {
  switch (end.kind) {
    case core::EndKind::none:
      return;
    case core::EndKind::exited:
      out["exit_code"] = end.code;
      break;
    case core::EndKind::signaled:
      out["signal"] = end.code;
      break;
    case core::EndKind::spawn_failed:
      out["errno"] = end.code;
      break;
    case core::EndKind::never_started:
    case core::EndKind::lost:
      break;
  }
  if (end.fenced) out["fenced"] = true;
  out["reason"] = to_string(end.reason);
  if (end.output_dropped_bytes != 0) out["output_dropped_bytes"] = end.output_dropped_bytes;
  out["detail"] = end_text(end);
}

}  // namespace drover::http
