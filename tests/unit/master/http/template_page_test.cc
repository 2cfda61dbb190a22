#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "master/http/json_reader.h"
#include "master/http/template/config.h"
#include "master/http/template/constraints.h"
#include "master/http/template/groups.h"
#include "master/http/template/page.h"
#include "master/http/template/parameters.h"
#include "master/http/template/resources.h"
#include "master/http/template/schedule.h"
#include "master/http/template/tasks.h"
#include "master/http/template/templates.h"

namespace drover::http {
namespace {

const char* const kPage = DROVER_SOURCE_DIR "/deploy/templates.md";

TEST(TemplatePage, IsWhatTheTablesSay) {
  const std::string page = template_page();
  if (std::getenv("DROVER_REWRITE_PAGES") != nullptr) std::ofstream(kPage) << page;
  std::ostringstream kept;
  kept << std::ifstream(kPage).rdbuf();
  EXPECT_EQ(kept.str(), page) << "DROVER_REWRITE_PAGES=1 rewrites " << kPage;
}

template <class Target>
void read_examples(Fields<Target> fields) {
  for (const Field<Target>& field : fields) {
    JsonDocument document;
    ASSERT_FALSE(document.parse(field.example)) << field.name << ": " << field.example;
    Target target;
    const auto problem = field.read(document.root(), Place(), target);
    EXPECT_FALSE(problem) << field.name << ": " << problem.value_or(Problem{}).message;
    EXPECT_FALSE(target == Target{}) << field.name << " was read and changed nothing";
    EXPECT_FALSE(field.meaning.empty()) << field.name;
  }
}

TEST(TemplatePage, EveryExampleIsRight) {
  read_examples(template_fields());
  read_examples(parameter_fields());
  read_examples(schedule_fields());
  read_examples(group_fields());
  read_examples(reschedule_fields());
  read_examples(task_fields());
  read_examples(config_fields());
  read_examples(logs_fields());
  read_examples(update_fields());
  read_examples(constraint_fields());
  read_examples(affinity_fields());
  read_examples(resources_fields());
}

TEST(TemplatePage, ARefusalShowsTheExampleOfItsOwnPlace) {
  core::TemplateSpec spec;
  const auto problem = read_template(
      R"({"name":"n","task_groups":[{"tasks":[{"name":"t","config":{"command":"c","stop_grace":10}}]}]})",
      spec);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message,
            "at /task_groups/0/tasks/0/config/stop_grace: expected a string, found a number; for "
            "example: \"stop_grace\": \"30s\"");
}

}  // namespace
}  // namespace drover::http
