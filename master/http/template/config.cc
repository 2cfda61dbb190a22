#include "master/http/template/config.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <chrono>

#include "common/limits.h"
#include "common/process_limits.h"
#include "common/signals.h"
#include "master/http/json_text.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

MaybeProblem read_time(const json::value& value, const Place& place, milliseconds unit,
                       std::uint64_t per_unit, std::uint64_t& out) {
  milliseconds time{};
  if (auto problem = read_duration(value, place, limits::kLongestTimeout, time)) return problem;
  if (time % unit != milliseconds(0)) {
    return problem_at(place, Code::invalid_value, "must be whole seconds");
  }
  out = static_cast<std::uint64_t>(time / unit) * per_unit;
  return std::nullopt;
}

MaybeProblem read_limit(const json::value& value, const Place& place, LimitUnit unit,
                        std::uint64_t& out) {
  const json::string* text = value.if_string();
  if (text != nullptr && *text == "unlimited") {
    out = kUnlimited;
    return std::nullopt;
  }
  std::uint32_t count = 0;
  switch (unit) {
    case LimitUnit::bytes:
      return read_size(value, place, out);
    case LimitUnit::seconds:
      return read_time(value, place, std::chrono::seconds(1), 1, out);
    case LimitUnit::microseconds:
      return read_time(value, place, milliseconds(1), 1'000, out);
    case LimitUnit::count:
      break;
  }
  if (auto problem = read_number(value, place, 0, limits::kLargestCountLimit, count)) {
    return problem;
  }
  out = count;
  return std::nullopt;
}

json::object limit_schema(LimitUnit unit, schema::Components& components) {
  switch (unit) {
    case LimitUnit::bytes:
      return schema::size(components);
    case LimitUnit::seconds:
    case LimitUnit::microseconds:
      return schema::duration(components);
    case LimitUnit::count:
      break;
  }
  return schema::whole_from(0, limits::kLargestCountLimit);
}

const char* example_of(LimitUnit unit) {
  switch (unit) {
    case LimitUnit::bytes:
      return R"("512MiB" or "unlimited")";
    case LimitUnit::seconds:
      return R"("60s" or "unlimited")";
    case LimitUnit::microseconds:
      return R"("250ms" or "unlimited")";
    case LimitUnit::count:
      break;
  }
  return R"(1024 or "unlimited")";
}

MaybeProblem read_log_size(const json::value& value, const Place& place, LogSpec& logs) {
  std::uint64_t& size = logs.size_bytes.emplace();
  if (auto problem = read_size(value, place, size)) return problem;
  if (size >= limits::kSmallestOutputFile && size <= limits::kLargestOutputFile) {
    return std::nullopt;
  }
  return problem_at(place, Code::invalid_value, "must be from 1KiB to 1TiB");
}

MaybeProblem read_log_files(const json::value& value, const Place& place, LogSpec& logs) {
  return read_number(value, place, 1, limits::kMostOutputFiles, logs.files.emplace());
}

using enum Presence;

// clang-format off
constexpr std::array kLogsFields = std::to_array<Field<LogSpec>>({
    {"size", optional, read_log_size, schema::size, R"("64MiB")",
     "How large a file may become; then another one begins. 10 MiB without; from 1 KiB to 1 TiB"},
    {"files", optional, read_log_files, schema::whole<1, limits::kMostOutputFiles>, "5",
     "How many files of each stream are kept, the newest included; the oldest goes. 2 without; 1 to 100"},
});
// clang-format on

}  // namespace

MaybeProblem read_user(const json::value& value, const Place& place, TaskSpec& task) {
  std::string& user = task.user.emplace();
  if (auto problem = read_text(value, place, limits::kNameBytes, user)) return problem;
  const auto is_bad = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == ':' || c == '/' || c == '\x7f';
  };
  if (user.front() != '-' && std::none_of(user.begin(), user.end(), is_bad)) return std::nullopt;
  return problem_at(place, Code::invalid_value,
                    excerpt(user) +
                        " can be no user's name or number; use no blanks, colons, "
                        "slashes or leading hyphens");
}

MaybeProblem read_stop_signal(const json::value& value, const Place& place, TaskSpec& task) {
  std::vector<std::string_view> names;
  for (const SignalName& each : stop_signals()) names.push_back(each.name);
  std::size_t position = 0;
  if (auto problem = read_word_at(value, place, names, position)) return problem;
  task.stop_signal = std::string(names[position]);
  return std::nullopt;
}

MaybeProblem read_timeout(const json::value& value, const Place& place, TaskSpec& task) {
  milliseconds& timeout = task.timeout.emplace();
  if (auto problem = read_duration(value, place, limits::kLongestTimeout, timeout)) return problem;
  if (timeout > milliseconds(0)) return std::nullopt;
  return problem_at(place, Code::invalid_value,
                    "must be more than nothing; leave it out for a task that may run for ever");
}

MaybeProblem read_umask(const json::value& value, const Place& place, TaskSpec& task) {
  std::string text;
  if (auto problem = read_text(value, place, limits::kNameBytes, text)) return problem;
  std::uint32_t& mask = task.umask.emplace();
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, mask, 8);
  if (error == std::errc() && at == end && text.size() <= 4 && mask <= 0777) return std::nullopt;
  return problem_at(place, Code::invalid_value,
                    excerpt(text) + " is no umask; write its octal digits");
}

MaybeProblem read_limits(const json::value& value, const Place& place, TaskSpec& task) {
  std::vector<std::string_view> names;
  for (const ProcessLimitKind& kind : process_limits()) names.push_back(kind.name);
  const json::object* object = nullptr;
  if (auto problem = read_object(value, place, names, object)) return problem;
  for (const ProcessLimitKind& kind : process_limits()) {
    const json::value* member = object->if_contains({kind.name.data(), kind.name.size()});
    if (member == nullptr) continue;
    const Place at(place, kind.name);
    auto problem = read_limit(*member, at, kind.unit, task.limits[std::string(kind.name)]);
    if (!problem) continue;
    show_example(*problem, kind.name, example_of(kind.unit));
    return problem;
  }
  return std::nullopt;
}

MaybeProblem read_stdin(const json::value& value, const Place& place, TaskSpec& task) {
  return read_string(value, place, limits::kInputBytes, task.input.emplace());
}

MaybeProblem read_success_exit_codes(const json::value& value, const Place& place, TaskSpec& task) {
  constexpr std::uint32_t kMostCode = 255;
  const json::array* elements = nullptr;
  if (auto problem = read_array(value, place, kMostCode + 1, Emptiness::refused, elements)) {
    return problem;
  }
  std::vector<std::int32_t>& codes = task.success_exit_codes.emplace();
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const Place at(place, i);
    std::uint32_t code = 0;
    if (auto problem = read_number((*elements)[i], at, 0, kMostCode, code)) return problem;
    codes.push_back(static_cast<std::int32_t>(code));
  }
  return std::nullopt;
}

MaybeProblem read_logs(const json::value& value, const Place& place, TaskSpec& task) {
  return read_fields(value, place, logs_fields(), task.logs.emplace());
}

json::object stop_signal_schema(schema::Components&) {
  std::vector<std::string_view> names;
  for (const SignalName& each : stop_signals()) names.push_back(each.name);
  return schema::words_of(names);
}

json::object umask_schema(schema::Components&) {
  return {{"type", "string"}, {"pattern", "^[0-7]{1,4}$"}};
}

json::object limits_schema(schema::Components& components) {
  schema::ObjectMaker maker(components);
  const json::object unlimited{{"const", "unlimited"}};
  for (const ProcessLimitKind& kind : process_limits()) {
    maker.add(kind.name, Presence::optional,
              schema::described({{"anyOf", {limit_schema(kind.unit, components), unlimited}}},
                                "The one that limits.conf(5) calls so"));
  }
  return maker.take();
}

Fields<LogSpec> logs_fields() { return kLogsFields; }

}  // namespace drover::http
