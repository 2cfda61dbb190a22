// Whether a task is well, and the checks that tell. The master's core, the agent's core and the
// messages between them all speak of these.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/endpoint.h"
#include "common/result.h"

namespace drover {

// What is known of a task that has checks. The numbers are stored and sent.
enum class Health : std::uint8_t {
  unknown = 0,  // not judged yet, or it has no checks
  healthy = 1,
  unhealthy = 2,
};
const char* to_string(Health health);

// What becomes of a task whose checks have failed. The numbers are stored and sent.
enum class OnUnhealthy : std::uint8_t {
  restart = 0,  // it is ended, and its `restart` says what follows
  report = 1,   // it goes on
};

// How a task is checked. Absent optionals are absent in the template; the functions say what holds
// then, and within which limits, whatever another version has let pass.
struct HealthSpec {
  // Exactly one of the three.
  std::optional<std::string> command = std::nullopt;  // a shell line; with `args`, a program
  std::optional<std::string> http = std::nullopt;     // "http://127.0.0.1:8080/healthz"
  std::optional<std::string> tcp = std::nullopt;      // "127.0.0.1:5432"

  std::optional<std::vector<std::string>> args = std::nullopt;
  std::optional<std::chrono::milliseconds> interval = std::nullopt;
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
  std::optional<std::chrono::milliseconds> start_period = std::nullopt;
  std::optional<std::uint32_t> healthy_after = std::nullopt;    // checks that pass in a row
  std::optional<std::uint32_t> unhealthy_after = std::nullopt;  // checks that fail in a row
  std::optional<OnUnhealthy> on_unhealthy = std::nullopt;

  // From the beginning of one check to that of the next one.
  std::chrono::milliseconds period() const;
  // For one check.
  std::chrono::milliseconds time_limit() const;
  // From the task's beginning, how long failures do not count; at most until a check has passed.
  std::chrono::milliseconds grace_at_start() const;
  std::uint32_t passes_needed() const;
  std::uint32_t failures_needed() const;
  OnUnhealthy when_unhealthy() const { return on_unhealthy.value_or(OnUnhealthy::restart); }

  bool operator==(const HealthSpec&) const = default;
};

// Where an HTTP check goes.
struct HttpTarget {
  Endpoint endpoint;
  std::string path;  // with the query; begins with /
};

// "http://HOST[:PORT][/PATH]". The error names what is wrong and shows a right one.
Result<HttpTarget> parse_http_target(std::string_view url);

}  // namespace drover
