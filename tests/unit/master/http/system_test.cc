// What a template of kind system may not say, since it has one copy on every node.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "master/http/template/templates.h"

namespace drover::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string with(const std::string& kind, const std::string& members,
                 const std::string& group_members) {
  return R"({"name":"n","kind":")" + kind + R"(",)" + members +
         R"("task_groups":[{"tasks":[{"name":"t","config":{"command":"c"}}]},{)" + group_members +
         R"("tasks":[{"name":"t","config":{"command":"c"}}]}]})";
}

std::string refusal(const std::string& document) {
  core::TemplateSpec spec;
  const auto problem = read_template(document, spec);
  EXPECT_TRUE(problem) << document << " was taken";
  return problem.value_or(Problem{}).message;
}

TEST(TemplateSystem, IsRead) {
  core::TemplateSpec spec;
  const auto problem = read_template(
      with("system", R"("priority":90,)",
           R"("constraints":[{"attribute":"label.zone","value":"a"}],"update":{"max_parallel":3},)"
           R"("exclusive":true,"lost_after":"5s","reschedule":{"policy":"on_failure"},)"),
      spec);
  EXPECT_FALSE(problem) << problem.value_or(Problem{}).message;
  EXPECT_EQ(spec.kind, core::Kind::system);
  EXPECT_TRUE(spec.is_kept_running());
}

TEST(TemplateSystem, WhatHasNoMeaningForItIsRefusedWhereItStands) {
  const std::pair<std::string, std::string> members[] = {
      {"count", "1"},
      {"spread", R"("label.zone")"},
      {"pack", R"("label.zone")"},
      {"affinity", R"([{"attribute":"label.zone","value":"a","weight":5}])"},
      {"on_return", R"("keep_original")"},
  };
  for (const auto& [name, value] : members) {
    const std::string member = "\"" + name + "\":" + value + ",";
    const std::string message = refusal(with("system", "", member));
    EXPECT_THAT(message, StartsWith("at /task_groups/1/" + name + ": "));
    EXPECT_THAT(message, HasSubstr("leave it out"));
    core::TemplateSpec spec;
    EXPECT_FALSE(read_template(with("service", "", member), spec)) << name << " of a service";
  }
  EXPECT_THAT(refusal(with("system", R"("gang":false,)", "")), StartsWith("at /gang: "));
  EXPECT_THAT(refusal(with("system", R"("schedule":{"cron":"@daily"},)", "")), StartsWith("at /"));
  EXPECT_THAT(refusal(with("sytem", "", "")), HasSubstr("system"));
}

}  // namespace
}  // namespace drover::http
