#include "master/http/template/templates.h"

#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "common/limits.h"
#include "master/http/json_reader.h"
#include "master/http/template/groups.h"
#include "master/http/template/parameters.h"
#include "master/http/template/schedule.h"
#include "master/http/template/system.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;
using core::TemplateSpec;

namespace {

MaybeProblem read_template_name(const json::value& value, const Place& place, TemplateSpec& spec) {
  return read_name(value, place, spec.name);
}

MaybeProblem check_slots(const TemplateSpec& spec, const Place& place) {
  if (spec.slots() <= limits::kSlotsPerInstance) return std::nullopt;
  return problem_at(place, Code::invalid_value,
                    "the counts of all groups make " + std::to_string(spec.slots()) +
                        " copies; at most " + std::to_string(limits::kSlotsPerInstance) +
                        " are allowed");
}

MaybeProblem read_groups(const json::value& value, const Place& place, TemplateSpec& spec) {
  const json::array* elements = nullptr;
  if (auto problem =
          read_array(value, place, limits::kGroupsPerTemplate, Emptiness::refused, elements)) {
    return problem;
  }
  spec.groups.resize(elements->size());
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const Place at(place, i);
    if (auto problem = read_fields((*elements)[i], at, group_fields(), spec.groups[i])) {
      return problem;
    }
  }
  std::vector<std::string_view> names;
  for (const core::GroupSpec& group : spec.groups) {
    names.push_back(group.name ? *group.name : std::string_view());
  }
  if (auto problem = check_different(names, place, "group")) return problem;
  return check_slots(spec, place);
}

MaybeProblem read_kind(const json::value& value, const Place& place, TemplateSpec& spec) {
  return read_word(value, place, kKinds, spec.kind.emplace());
}

MaybeProblem read_labels(const json::value& value, const Place& place, TemplateSpec& spec) {
  return read_strings(value, place, {limits::kLabels, "entries", check_label}, limits::kNameBytes,
                      spec.labels);
}

MaybeProblem read_priority(const json::value& value, const Place& place, TemplateSpec& spec) {
  return read_number(value, place, 0, limits::kMostPriority, spec.priority.emplace());
}

MaybeProblem read_gang(const json::value& value, const Place& place, TemplateSpec& spec) {
  return read_flag(value, place, spec.gang.emplace());
}

using enum Presence;

// clang-format off
constexpr std::array kTemplateFields = std::to_array<Field<TemplateSpec>>({
    {"name", required, read_template_name, schema::name, R"("nightly-report")",
     "1 to 255 bytes of UTF-8 without control characters; what the template is called from then on"},
    {"task_groups", required, read_groups, schema::list<schema::ref<kGroupSchema>, 1, limits::kGroupsPerTemplate>,
     R"([{"tasks": [{"name": "clean", "config": {"command": "/opt/apps/clean.sh"}}]}])",
     "1 to 1,000 groups, each of which is placed for itself"},
    {"kind", optional, read_kind, schema::word<kKinds>, R"("service")",
     "`batch`: it ends. `service`: it is kept running; a group that does not say when it is placed again is placed again "
     "whenever it has ended. `system`: the same, with one copy of each group on every node that its `constraints` fit, also on "
     "those that join later. `batch` without"},
    {"priority", optional, read_priority, schema::whole<0, limits::kMostPriority>, "80",
     "0 to 100. Of what waits for a node, the highest is placed first, then the oldest; nothing that runs has to go for it. "
     "50 without"},
    {"gang", optional, read_gang, schema::flag, "true",
     "All copies of all groups are placed at once when an instance begins, or none is and it waits. A copy that is placed "
     "again later is placed by itself. `false` without"},
    {"schedule", optional, read_schedule, schema::ref<kScheduleSchema>, R"({"cron": "30 2 * * mon-fri", "time_zone": "Europe/Berlin"})",
     "Deploys the template, of kind `batch`, whenever the time has come, from its creation on, with the defaults of its "
     "parameters, which all must have one. What was missed while no master ran is made up for by one run"},
    {"labels", optional, read_labels, schema::map<schema::text>, R"({"team": "data"})", "Names and values, for people and for queries. At most 256"},
    {"parameters", optional, read_parameters, schema::map<schema::ref<kParameterSchema>>, R"({"size": {"default": "10"}, "input": {}})",
     "What can be given at a deployment; a name of letters, digits and `_` for each. `${name}` stands for the value in "
     "`args`, in the `command` of a task with `args`, in the values of `env`, of constraints and of affinity; in a shell line it is a variable, which "
     "the shell expands and never takes for part of its program. `$${name}` stands for the characters. With `parameters`, "
     "a reference to none of them is refused; without, nothing is replaced. At most 100"},
});
// clang-format on

}  // namespace

Fields<TemplateSpec> template_fields() { return kTemplateFields; }

MaybeProblem read_template(std::string_view body, TemplateSpec& out) {
  JsonDocument document;
  if (auto problem = document.parse(body)) return problem;
  const Place top;
  TemplateSpec spec;
  if (auto problem = read_fields(document.root(), top, template_fields(), spec)) return problem;
  if (auto problem = check_references(spec, Place(top, "task_groups"))) return problem;
  if (auto problem = check_schedule(spec, top)) return problem;
  if (auto problem = check_system(spec, top)) return problem;
  out = std::move(spec);
  return std::nullopt;
}

}  // namespace drover::http
