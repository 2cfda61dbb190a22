#include "master/http/template/page.h"

#include <string_view>

#include "master/http/template/config.h"
#include "master/http/template/constraints.h"
#include "master/http/template/groups.h"
#include "master/http/template/health.h"
#include "master/http/template/parameters.h"
#include "master/http/template/resources.h"
#include "master/http/template/restart.h"
#include "master/http/template/schedule.h"
#include "master/http/template/tasks.h"
#include "master/http/template/templates.h"

namespace drover::http {
namespace {

constexpr std::string_view kHead = R"(# Templates

What a template can say. This page is made of the tables by which templates are read (`master/http/template/`), and a test
compares them: what is not here is refused, with the nearest name that is. Every field is optional unless it says otherwise,
and a template comes back as it was given, with nothing filled in. Durations are whole numbers with a unit: `"250ms"`,
`"10s"`, `"5m"`, `"2h"`; sizes likewise: `"64KiB"`, `"512MiB"`, `"2GiB"`.
)";

// A bar would end the cell of a table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped.append(c == '|' ? "\\|" : std::string(1, c));
  return escaped;
}

template <class Target>
void append_section(std::string_view title, Fields<Target> fields, std::string& page) {
  page.append("\n## ").append(title).append("\n\n| field | example | |\n| --- | --- | --- |\n");
  for (const Field<Target>& field : fields) {
    page.append("| `").append(field.name).append("` | `").append(cell(field.example));
    page.append("` | ").append(field.presence == Presence::required ? "Required. " : "");
    page.append(cell(field.meaning)).append(" |\n");
  }
}

}  // namespace

std::string template_page() {
  std::string page(kHead);
  append_section("A template", template_fields(), page);
  append_section("`parameters.NAME`", parameter_fields(), page);
  append_section("`schedule`", schedule_fields(), page);
  append_section("A group: `task_groups[]`", group_fields(), page);
  append_section("`task_groups[].reschedule`", reschedule_fields(), page);
  append_section("`task_groups[].update`", update_fields(), page);
  append_section("`task_groups[].constraints[]`", constraint_fields(), page);
  append_section("`task_groups[].affinity[]`", affinity_fields(), page);
  append_section("A task: `task_groups[].tasks[]`", task_fields(), page);
  append_section("`task_groups[].tasks[].config`", config_fields(), page);
  append_section("`task_groups[].tasks[].restart`", restart_fields(), page);
  append_section("`task_groups[].tasks[].health`", health_fields(), page);
  append_section("`task_groups[].tasks[].resources`", resources_fields(), page);
  append_section("`task_groups[].tasks[].logs`", logs_fields(), page);
  return page;
}

}  // namespace drover::http
