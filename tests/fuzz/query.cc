#include "master/http/query.h"

#include <optional>
#include <string>

#include "common/check.h"
#include "master/http/api/awaited_instance.h"
#include "master/http/api/filters.h"
#include "master/http/api/timestamp.h"
#include "master/http/routes.h"
#include "tests/fuzz/holds.h"
#include "tests/fuzz/targets.h"

namespace drover::fuzz {
namespace {

void read_numbers(const http::QueryValues& values, std::string_view name) {
  std::uint32_t number = 1;
  const auto problem = http::read_number(values, name, 1, 1000, number);
  check_problem(problem);
  DROVER_CHECK(number >= 1 && number <= 1000, "within its bounds, or as it was");
  using std::chrono::milliseconds;
  milliseconds duration(1);
  check_problem(http::read_duration(values, name, milliseconds(1), milliseconds(60'000), duration));
  DROVER_CHECK(duration.count() >= 1 && duration.count() <= 60'000, "within its bounds");
}

void read_words(const http::QueryValues& values, std::string_view name) {
  bool flag = false;
  check_problem(http::read_flag(values, name, flag));
  std::optional<InstanceId> id;
  check_problem(http::read_id(values, name, id));
  DROVER_CHECK(!id || InstanceId::parse(id->text()) == id, "an id is its text");
  http::Labels labels;
  check_problem(http::read_labels(values, name, labels));
  for (const auto& [key, value] : labels) DROVER_CHECK(!key.empty(), "labels have names");
  for (const std::string& part : http::split_list(values.find(name))) {
    DROVER_CHECK(!part.empty() && part.find(',') == part.npos, "parts of a list");
  }
}

void read_times(const http::QueryValues& values, std::string_view name) {
  std::optional<core::UnixMs> time;
  const auto problem = http::read_time(values, name, time);
  check_problem(problem);
  if (problem || !time) return;
  // What is shown can be given back, as far as four digits of a year go.
  const std::string shown = http::timestamp(*time);
  DROVER_CHECK(http::parse_timestamp(shown) == time, "a time is its text");
}

}  // namespace

void fuzz_query(std::string_view bytes) {
  http::Target target;
  const std::string text = "/?" + std::string(bytes);
  if (http::parse_target(text, target)) return;
  for (const http::Route& route : http::routes()) {
    http::QueryValues values;
    const auto problem = http::parse_query(target.query, route.path, route.parameters, values);
    if (problem) {
      check_problem(*problem);
      continue;
    }
    for (const http::QueryParameter& each : route.parameters) {
      read_numbers(values, each.name);
      read_words(values, each.name);
      read_times(values, each.name);
    }
    std::optional<http::WaitFor> wait;
    check_problem(http::read_wait(values, wait));
  }
}

}  // namespace drover::fuzz
