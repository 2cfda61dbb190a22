#include "common/health.h"

#include <algorithm>

#include "common/check.h"
#include "common/limits.h"

namespace drover {

using std::chrono::milliseconds;

namespace {

milliseconds within(std::optional<milliseconds> given, milliseconds otherwise, milliseconds least,
                    milliseconds most) {
  return std::clamp(given.value_or(otherwise), least, most);
}

std::uint32_t count(std::optional<std::uint32_t> given, std::uint32_t otherwise) {
  return std::clamp(given.value_or(otherwise), 1U, limits::kMostChecksInARow);
}

}  // namespace

const char* to_string(Health health) {
  switch (health) {
    case Health::unknown:
      return "unknown";
    case Health::healthy:
      return "healthy";
    case Health::unhealthy:
      return "unhealthy";
  }
  check_failed(__FILE__, __LINE__, "Health", "not one of its values");
}

milliseconds HealthSpec::period() const {
  return within(interval, limits::kCheckInterval, limits::kShortestCheckInterval,
                limits::kLongestCheckInterval);
}

milliseconds HealthSpec::time_limit() const {
  return within(timeout, limits::kCheckTimeout, limits::kShortestCheckTimeout,
                limits::kLongestCheckTimeout);
}

milliseconds HealthSpec::grace_at_start() const {
  return within(start_period, milliseconds(0), milliseconds(0), limits::kLongestStartPeriod);
}

std::uint32_t HealthSpec::passes_needed() const {
  return count(healthy_after, limits::kPassesForHealthy);
}

std::uint32_t HealthSpec::failures_needed() const {
  return count(unhealthy_after, limits::kFailuresForUnhealthy);
}

Result<HttpTarget> parse_http_target(std::string_view url) {
  const Error wrong{ErrorKind::invalid, "'" + std::string(url) +
                                            "' is no http://HOST:PORT/PATH; right is, for example, "
                                            "\"http://127.0.0.1:8080/healthz\""};
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return wrong;
  url.remove_prefix(kScheme.size());
  const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
  std::string authority(url.substr(0, end));
  std::string path(url.substr(end));
  const bool is_clean =
      std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c <= '~' && c != '#'; });
  if (!is_clean || authority.find('@') != std::string::npos) return wrong;
  if (!path.starts_with('/')) path.insert(path.begin(), '/');
  const std::size_t after_address = authority.find(']');
  const std::size_t colon =
      authority.find(':', after_address == std::string::npos ? 0 : after_address);
  if (colon == std::string::npos) authority += ":80";
  auto endpoint = parse_endpoint(authority);
  if (!endpoint || endpoint->port == 0) return wrong;
  return HttpTarget{*std::move(endpoint), std::move(path)};
}

}  // namespace drover
