#include "master/http/template/schedule.h"

#include <array>
#include <string>

#include "common/limits.h"
#include "master/http/template/values.h"
#include "master/schedule/cron.h"

namespace drover::http {

namespace json = boost::json;
using core::ScheduleSpec;

namespace {

// The error shows a right example of what is wrong in it.
Problem refusal(const Place& place, const Error& error) {
  auto problem = problem_at(place, Code::invalid_value, error.message);
  problem.example_shown = true;
  return problem;
}

MaybeProblem read_cron(const json::value& value, const Place& place, ScheduleSpec& schedule) {
  if (auto problem = read_text(value, place, limits::kCronBytes, schedule.cron)) return problem;
  const auto parsed = schedule::Cron::parse(schedule.cron);
  if (!parsed) return refusal(place, parsed.error());
  return std::nullopt;
}

MaybeProblem read_time_zone(const json::value& value, const Place& place, ScheduleSpec& schedule) {
  std::string& name = schedule.time_zone.emplace();
  if (auto problem = read_text(value, place, limits::kNameBytes, name)) return problem;
  const auto zone = schedule::load_zone(name);
  if (!zone) return refusal(place, zone.error());
  return std::nullopt;
}

constexpr std::array<std::string_view, 2> kOverlaps = {"skip", "allow"};

MaybeProblem read_overlap(const json::value& value, const Place& place, ScheduleSpec& schedule) {
  return read_word(value, place, kOverlaps, schedule.overlap.emplace());
}

using enum Presence;

// clang-format off
constexpr std::array kScheduleFields = std::to_array<Field<ScheduleSpec>>({
    {"cron", required, read_cron, schema::text_of<1, limits::kCronBytes>, R"("30 2 * * mon-fri")",
     "Minute, hour, day of the month, month, day of the week. Each is `*`, a number, a name (`jan`, `mon`; Sunday is 0 and 7), "
     "a range, one of these but a single value with a step (`*/15`), or a list of such (`0,30`, `9-17/2`). Where neither field "
     "of days begins with `*`, either of them is enough. Or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`"},
    {"time_zone", optional, read_time_zone, schema::name, R"("Europe/Berlin")",
     "Whose clocks are meant, by its IANA name. A time that they skip comes right after the gap; one that they show twice is the "
     "first of the two. `UTC` without"},
    {"overlap", optional, read_overlap, schema::word<kOverlaps>, R"("allow")",
     "When an instance that the schedule has made has not ended: `skip` leaves this run out, `allow` makes another instance. "
     "`skip` without"},
});
// clang-format on

}  // namespace

Fields<ScheduleSpec> schedule_fields() { return kScheduleFields; }

MaybeProblem read_schedule(const json::value& value, const Place& place, core::TemplateSpec& spec) {
  return read_fields(value, place, schedule_fields(), spec.schedule.emplace());
}

MaybeProblem check_schedule(const core::TemplateSpec& spec, const Place& place) {
  if (!spec.schedule) return std::nullopt;
  if (spec.kind.value_or(core::Kind::batch) != core::Kind::batch) {
    return refusal(Place(place, "schedule"),
                   {ErrorKind::invalid,
                    "is for templates whose instances end; this one's are kept running: leave out "
                    "\"schedule\", or write \"kind\": \"batch\""});
  }
  if (!spec.parameters) return std::nullopt;
  const Place parameters(place, "parameters");
  for (const auto& [name, parameter] : *spec.parameters) {
    if (parameter.default_value) continue;
    return refusal(Place(parameters, name),
                   {ErrorKind::invalid,
                    "a template with a schedule is deployed with nobody to give a value; give this "
                    "parameter a default, as in {\"default\": \"10\"}"});
  }
  return std::nullopt;
}

}  // namespace drover::http
