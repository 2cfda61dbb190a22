// The order of the tasks of a group as a template says it, and how it is refused.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/limits.h"
#include "master/http/template/templates.h"

namespace drover::http {
namespace {

// A template of one group with these tasks, each a name and its `after`.
struct Named {
  std::string name;
  std::string after;
};
std::string with_tasks(const std::vector<Named>& tasks) {
  std::string all;
  for (const Named& task : tasks) {
    all += (all.empty() ? "" : ",");
    all += R"({"name":")" + task.name + R"(","config":{"command":"c"})";
    if (!task.after.empty()) all += R"(,"after":)" + task.after;
    all += "}";
  }
  return R"({"name":"n","task_groups":[{"tasks":[)" + all + "]}]}";
}

std::string refusal(const std::string& document) {
  core::TemplateSpec spec;
  const auto problem = read_template(document, spec);
  EXPECT_TRUE(problem) << document << " was taken";
  return problem.value_or(Problem{}).message;
}

void expect_said(const std::string& message, const std::string& part) {
  EXPECT_NE(message.find(part), std::string::npos) << message;
}

TEST(TemplateOrder, IsRead) {
  core::TemplateSpec spec;
  ASSERT_FALSE(read_template(
      with_tasks(
          {{"analyse", R"({"clean":"succeeded","db":"started"})"}, {"clean", "{}"}, {"db", ""}}),
      spec));
  const std::vector<TaskSpec>& tasks = spec.groups.at(0).tasks;
  EXPECT_EQ(tasks[0].after, (std::map<std::string, Awaited>{{"clean", Awaited::succeeded},
                                                            {"db", Awaited::started}}));
  EXPECT_TRUE(tasks[1].after.empty());
  EXPECT_TRUE(tasks[2].after.empty());
}

TEST(TemplateOrder, ATaskThatIsNotThereIsRefused) {
  const std::string message = refusal(with_tasks({{"a", R"({"b":"started"})"}}));
  expect_said(message, "at /task_groups/0/tasks/0/after/b: ");
  expect_said(message, "no task of this group is called 'b'");
}

TEST(TemplateOrder, WhatHasNoChecksIsNeverHealthy) {
  const std::string message = refusal(with_tasks({{"a", R"({"b":"healthy"})"}, {"b", "{}"}}));
  expect_said(message, "at /task_groups/0/tasks/0/after/b: ");
  expect_said(message, R"(task 'b' has no "health" that could say so)");
}

TEST(TemplateOrder, ATaskOfAnotherGroupIsRefused) {
  expect_said(
      refusal(R"({"name":"n","task_groups":[)"
              R"({"tasks":[{"name":"a","config":{"command":"c"}}]},)"
              R"({"tasks":[{"name":"b","config":{"command":"c"},"after":{"a":"started"}}]}]})"),
      "at /task_groups/1/tasks/0/after/a: ");
}

TEST(TemplateOrder, ATaskThatWaitsForItselfIsRefused) {
  const std::string message = refusal(with_tasks({{"b", ""}, {"a", R"({"a":"succeeded"})"}}));
  expect_said(message, "at /task_groups/0/tasks/1/after/a: a task cannot wait for itself");
}

TEST(TemplateOrder, TasksThatWaitForEachOtherAreRefusedAndTheWayAroundIsSpelled) {
  const std::string message = refusal(with_tasks({{"first", R"({"a":"started"})"},
                                                  {"a", R"({"b":"succeeded"})"},
                                                  {"b", R"({"c":"started"})"},
                                                  {"c", R"({"a":"started"})"}}));
  expect_said(message, "at /task_groups/0/tasks/1/after: ");
  expect_said(message, "'a' after 'b' after 'c' after 'a'");
}

TEST(TemplateOrder, ALongWayAroundIsShortened) {
  std::vector<Named> tasks;
  const std::size_t count = limits::kTasksPerGroup;
  for (std::size_t i = 0; i < count; ++i) {
    tasks.push_back(
        {"t" + std::to_string(i), R"({"t)" + std::to_string((i + 1) % count) + R"(":"started"})"});
  }
  const std::string message = refusal(with_tasks(tasks));
  expect_said(message, "'t0' after 't1' after ");
  expect_said(message, "after 't7' after ... after 't0'");
}

TEST(TemplateOrder, ManyThatWaitForManyAreTaken) {
  std::vector<Named> tasks;
  for (std::size_t i = 0; i < limits::kTasksPerGroup; ++i) {
    std::string after;
    for (std::size_t before = i; before > 0 && i - before < limits::kTasksAwaited; --before) {
      after += (after.empty() ? "\"t" : ",\"t") + std::to_string(before - 1) + R"(":"succeeded")";
    }
    tasks.push_back({"t" + std::to_string(i), "{" + after + "}"});
  }
  core::TemplateSpec spec;
  const auto problem = read_template(with_tasks(tasks), spec);
  EXPECT_FALSE(problem) << problem.value_or(Problem{}).message;
}

TEST(TemplateOrder, OnlyWhatIsKnownCanBeWaitedFor) {
  expect_said(refusal(with_tasks({{"a", R"({"b":"healthy"})"}, {"b", ""}})),
              "at /task_groups/0/tasks/0/after/b: ");
  expect_said(refusal(with_tasks({{"a", R"(["b"])"}, {"b", ""}})),
              "at /task_groups/0/tasks/0/after: ");
  expect_said(refusal(with_tasks({{"a", R"({"b":true})"}, {"b", ""}})),
              "at /task_groups/0/tasks/0/after/b: ");
  std::string many;
  for (std::size_t i = 0; i <= limits::kTasksAwaited; ++i) {
    many += (many.empty() ? "\"" : ",\"") + std::to_string(i) + R"(":"started")";
  }
  expect_said(refusal(with_tasks({{"a", "{" + many + "}"}})), "at most 100 are allowed");
}

TEST(TemplateOrder, AGroupSaysWhatAFailureEnds) {
  const auto read = [](const std::string& choice) {
    core::TemplateSpec spec;
    const auto problem =
        read_template(R"({"name":"n","task_groups":[{"on_task_failure":)" + choice +
                          R"(,"tasks":[{"name":"a","config":{"command":"c"}}]}]})",
                      spec);
    return problem ? std::nullopt : spec.groups.at(0).on_task_failure;
  };
  EXPECT_EQ(read(R"("continue")"), OnTaskFailure::go_on);
  EXPECT_EQ(read(R"("stop_group")"), OnTaskFailure::stop_group);
  EXPECT_EQ(read(R"("stop")"), std::nullopt);
  EXPECT_EQ(read("true"), std::nullopt);
}

}  // namespace
}  // namespace drover::http
