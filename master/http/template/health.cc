#include "master/http/template/health.h"

#include <array>
#include <boost/json/array.hpp>

#include "common/limits.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

// What a reference to a parameter stands for is known only when it is deployed.
bool has_reference(std::string_view text) { return text.find("${") != std::string_view::npos; }

MaybeProblem read_command(const json::value& value, const Place& place, HealthSpec& health) {
  return read_text(value, place, limits::kCommandBytes, health.command.emplace());
}

MaybeProblem read_args(const json::value& value, const Place& place, HealthSpec& health) {
  return read_list(value, place, limits::kArguments, limits::kCommandBytes, health.args.emplace());
}

MaybeProblem read_http(const json::value& value, const Place& place, HealthSpec& health) {
  std::string& url = health.http.emplace();
  if (auto problem = read_text(value, place, limits::kUrlBytes, url)) return problem;
  if (has_reference(url)) return std::nullopt;
  const auto target = parse_http_target(url);
  if (target) return std::nullopt;
  return problem_at(place, Code::invalid_value, "must be a URL that begins with http://");
}

MaybeProblem read_tcp(const json::value& value, const Place& place, HealthSpec& health) {
  std::string& address = health.tcp.emplace();
  if (auto problem = read_text(value, place, limits::kUrlBytes, address)) return problem;
  if (has_reference(address)) return std::nullopt;
  const auto endpoint = parse_endpoint(address);
  if (endpoint && endpoint->port != 0) return std::nullopt;
  return problem_at(place, Code::invalid_value, "must be an address and a port");
}

MaybeProblem read_interval(const json::value& value, const Place& place, HealthSpec& health) {
  return read_duration(value, place, limits::kShortestCheckInterval, limits::kLongestCheckInterval,
                       health.interval.emplace());
}

MaybeProblem read_timeout(const json::value& value, const Place& place, HealthSpec& health) {
  return read_duration(value, place, limits::kShortestCheckTimeout, limits::kLongestCheckTimeout,
                       health.timeout.emplace());
}

MaybeProblem read_start_period(const json::value& value, const Place& place, HealthSpec& health) {
  return read_duration(value, place, limits::kLongestStartPeriod, health.start_period.emplace());
}

MaybeProblem read_healthy_after(const json::value& value, const Place& place, HealthSpec& health) {
  return read_number(value, place, 1, limits::kMostChecksInARow, health.healthy_after.emplace());
}

MaybeProblem read_unhealthy_after(const json::value& value, const Place& place,
                                  HealthSpec& health) {
  return read_number(value, place, 1, limits::kMostChecksInARow, health.unhealthy_after.emplace());
}

constexpr std::array<std::string_view, 2> kOnUnhealthy = {"restart", "report"};

MaybeProblem read_on_unhealthy(const json::value& value, const Place& place, HealthSpec& health) {
  return read_word(value, place, kOnUnhealthy, health.on_unhealthy.emplace());
}

using enum Presence;

// clang-format off
constexpr std::array kHealthFields = std::to_array<Field<HealthSpec>>({
    {"command", optional, read_command, schema::text_of<1, limits::kCommandBytes>, R"("pg_isready -q")",
     "Passes with exit code 0. As `command` of `config`: a line for `/bin/sh -c`, or with `args` a program; run beside the task "
     "as its user, in its working directory, with its environment. What it prints is thrown away, what it forks ends with it"},
    {"args", optional, read_args, schema::list<schema::text, 0, limits::kArguments>, R"(["-q", "-p", "5432"])", "The arguments of `command`, each as it is"},
    {"http", optional, read_http, schema::text_of<1, limits::kUrlBytes>, R"("http://127.0.0.1:8080/healthz")",
     "Passes when a `GET` is answered with a status of 200 to 399. Asked by the node's agent; without encryption"},
    {"tcp", optional, read_tcp, schema::text_of<1, limits::kUrlBytes>, R"("127.0.0.1:5432")", "Passes when something takes the connection"},
    {"interval", optional, read_interval, schema::duration, R"("5s")",
     "From the beginning of one check to that of the next; never two at once. 10 s without; 100 ms to 24 h"},
    {"timeout", optional, read_timeout, schema::duration, R"("2s")", "For one check, which has failed when it is over. 5 s without; 10 ms to 10 m"},
    {"start_period", optional, read_start_period, schema::duration, R"("30s")",
     "From the task's beginning: until then failures do not count, unless a check has passed. Nothing without; at most 24 h"},
    {"healthy_after", optional, read_healthy_after, schema::whole<1, limits::kMostChecksInARow>, "2", "Checks that pass in a row until it is healthy. 1 without; 1 to 1,000"},
    {"unhealthy_after", optional, read_unhealthy_after, schema::whole<1, limits::kMostChecksInARow>, "5",
     "Checks that fail in a row until it is unhealthy. 3 without; 1 to 1,000"},
    {"on_unhealthy", optional, read_on_unhealthy, schema::word<kOnUnhealthy>, R"("report")",
     "`restart`: the attempt is ended as by a stop and has failed, and `restart` of the task and `reschedule` of its group say "
     "what follows. `report`: it goes on, and its instance is `degraded` until it is healthy again. `restart` without"},
});
// clang-format on

}  // namespace

MaybeProblem read_health(const json::value& value, const Place& place, TaskSpec& task) {
  HealthSpec& health = task.health.emplace();
  if (auto problem = read_fields(value, place, health_fields(), health)) return problem;
  const int ways =
      int{health.command.has_value()} + int{health.http.has_value()} + int{health.tcp.has_value()};
  if (ways != 1) {
    return problem_at(place, Code::invalid_value,
                      "must have exactly one of \"command\", \"http\" and \"tcp\"");
  }
  if (!health.args || health.command) return std::nullopt;
  return problem_at(Place(place, "args"), Code::invalid_value,
                    "belongs to \"command\", which is not there");
}

Fields<HealthSpec> health_fields() { return kHealthFields; }

}  // namespace drover::http
