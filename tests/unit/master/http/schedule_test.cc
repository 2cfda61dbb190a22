// The schedule of a template as it says it, and how it is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "master/http/template/templates.h"

namespace drover::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string with(const std::string& schedule, const std::string& more = "") {
  return R"({"name":"n","task_groups":[{"tasks":[{"name":"t","config":{"command":"c"}}]}],)"
         R"("schedule":)" +
         schedule + more + "}";
}

core::ScheduleSpec read(const std::string& document) {
  core::TemplateSpec spec;
  const auto problem = read_template(document, spec);
  EXPECT_FALSE(problem) << problem.value_or(Problem{}).message;
  return spec.schedule.value_or(core::ScheduleSpec{});
}

std::string refusal(const std::string& document) {
  core::TemplateSpec spec;
  const auto problem = read_template(document, spec);
  EXPECT_TRUE(problem) << document << " was taken";
  return problem.value_or(Problem{}).message;
}

TEST(TemplateSchedule, IsRead) {
  const core::ScheduleSpec full =
      read(with(R"({"cron":"30 2 * * mon-fri","time_zone":"Europe/Berlin","overlap":"allow"})"));
  EXPECT_EQ(full, (core::ScheduleSpec{"30 2 * * mon-fri", "Europe/Berlin", core::Overlap::allow}));
  const core::ScheduleSpec bare = read(with(R"({"cron":"@daily"})"));
  EXPECT_EQ(bare, core::ScheduleSpec{"@daily"});
  EXPECT_EQ(bare.time_zone_or_default(), "UTC");
  EXPECT_TRUE(bare.skips_overlap());
}

TEST(TemplateSchedule, ARefusalNamesTheFieldOfTheExpressionAndShowsARightOne) {
  EXPECT_EQ(refusal(with(R"({"cron":"0 0 * * funday"})")),
            "at /schedule/cron: day-of-week \"funday\" is not *, a number from 0 to 7, a name such "
            "as sat, or a range or list of them; right is, for example, \"mon-fri\"");
  EXPECT_THAT(refusal(with(R"({"cron":""})")), StartsWith("at /schedule/cron: "));
  EXPECT_THAT(refusal(with(R"({"cron":7})")), HasSubstr("\"cron\": \"30 2 * * mon-fri\""));
}

TEST(TemplateSchedule, WhatElseIsWrongIsRefusedWhereItStands) {
  EXPECT_THAT(refusal(with("{}")), HasSubstr("cron"));
  EXPECT_EQ(refusal(with(R"({"cron":"@daily","time_zone":"Berlin"})")),
            "at /schedule/time_zone: no time zone is called \"Berlin\"; right is, for example, "
            "\"Europe/Berlin\" or \"UTC\"");
  EXPECT_THAT(refusal(with(R"({"cron":"@daily","overlap":"queue"})")),
              StartsWith("at /schedule/overlap: "));
  EXPECT_THAT(refusal(with(R"({"cron":"@daily","timezone":"UTC"})")), HasSubstr("\"time_zone\""));
}

TEST(TemplateSchedule, NobodyGivesValuesToItsParameters) {
  const std::string message =
      refusal(with(R"({"cron":"@daily"})", R"(,"parameters":{"size":{"default":"1"},"input":{}})"));
  EXPECT_THAT(message, StartsWith("at /parameters/input: "));
  EXPECT_THAT(message, HasSubstr("give this parameter a default"));
  read(with(R"({"cron":"@daily"})", R"(,"parameters":{"size":{"default":"1"}})"));
}

TEST(TemplateSchedule, IsForWhatEnds) {
  const std::string message = refusal(with(R"({"cron":"@daily"})", R"(,"kind":"service")"));
  EXPECT_THAT(message, StartsWith("at /schedule: "));
  EXPECT_THAT(message, HasSubstr(R"("kind": "batch")"));
  read(with(R"({"cron":"@daily"})", R"(,"kind":"batch")"));
}

}  // namespace
}  // namespace drover::http
