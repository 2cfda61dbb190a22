#include "master/http/template/restart.h"

#include <array>

#include "common/limits.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

MaybeProblem read_policy(const json::value& value, const Place& place, RestartSpec& out) {
  return read_word(value, place, kRestartPolicies, out.policy);
}

MaybeProblem read_attempts(const json::value& value, const Place& place, RestartSpec& out) {
  return read_number(value, place, 1, limits::kMostRestarts, out.attempts.emplace());
}

MaybeProblem read_within(const json::value& value, const Place& place, RestartSpec& out) {
  milliseconds& within = out.within.emplace();
  if (auto problem = read_duration(value, place, limits::kLongestRestartsWithin, within)) {
    return problem;
  }
  if (within > milliseconds(0)) return std::nullopt;
  return problem_at(place, Code::invalid_value, "must be more than nothing");
}

MaybeProblem read_pause(const json::value& value, const Place& place, milliseconds& out) {
  return read_duration(value, place, limits::kShortestRestartDelay, limits::kLongestRestartDelay,
                       out);
}

MaybeProblem read_delay(const json::value& value, const Place& place, RestartSpec& out) {
  return read_pause(value, place, out.delay.emplace());
}

MaybeProblem read_max_delay(const json::value& value, const Place& place, RestartSpec& out) {
  return read_pause(value, place, out.max_delay.emplace());
}

using enum Presence;

// clang-format off
constexpr std::array kRestartFields = std::to_array<Field<RestartSpec>>({
    {"policy", required, read_policy, schema::word<kRestartPolicies>, R"("on_failure")",
     "`never`. `on_failure`: after an exit code that is no success, a signal, a timeout, or memory that ran out. `always`: "
     "also after a success. Never after a stop, nor what could not be executed or was lost"},
    {"attempts", optional, read_attempts, schema::whole<1, limits::kMostRestarts>, "5",
     "How many restarts there may be within `within`. An attempt that ends after the last of them is the end of the task, "
     "and `reschedule` of its group says what follows. 3 without; 1 to 100"},
    {"within", optional, read_within, schema::duration, R"("1h")",
     "Restarts longer ago do not count: where it is shorter than the pauses, they never end. 10 m without; at most 8,760 h"},
    {"delay", optional, read_delay, schema::duration, R"("2s")",
     "The pause before the first restart; doubled before each one after it, and up to half as long again by chance. An "
     "attempt that ran for a minute begins the pauses anew. 1 s without; 1 s to 24 h"},
    {"max_delay", optional, read_max_delay, schema::duration, R"("30s")",
     "The longest that doubling makes it. 1 m without, or `delay` where that is longer; 1 s to 24 h"},
});
// clang-format on

}  // namespace

MaybeProblem read_restart(const json::value& value, const Place& place, TaskSpec& task) {
  RestartSpec& restart = task.restart.emplace();
  if (auto problem = read_fields(value, place, restart_fields(), restart)) return problem;
  if (!restart.delay || !restart.max_delay || *restart.delay <= *restart.max_delay) {
    return std::nullopt;
  }
  return problem_at(Place(place, "max_delay"), Code::invalid_value,
                    "must not be shorter than delay");
}

Fields<RestartSpec> restart_fields() { return kRestartFields; }

}  // namespace drover::http
