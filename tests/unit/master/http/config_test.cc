// What a task's config and logs may say, and how it is refused.
#include "master/http/template/config.h"

#include <gtest/gtest.h>

#include <string>

#include "common/process_limits.h"
#include "master/http/template/templates.h"

namespace drover::http {
namespace {

std::string with_task(const std::string& config, const std::string& rest = "") {
  return R"({"name":"n","task_groups":[{"tasks":[{"name":"t","config":{"command":"c")" + config +
         "}" + rest + "}]}]}";
}

TaskSpec read(const std::string& config, const std::string& rest = "") {
  core::TemplateSpec spec;
  const auto problem = read_template(with_task(config, rest), spec);
  EXPECT_FALSE(problem) << problem.value_or(Problem{}).message;
  return problem ? TaskSpec{} : spec.groups.at(0).tasks.at(0);
}

// With the place, and a right example.
void expect_refused(const std::string& field, const std::string& value, const std::string& said,
                    const std::string& example) {
  core::TemplateSpec spec;
  const auto problem = read_template(with_task(",\"" + field + "\":" + value), spec);
  ASSERT_TRUE(problem) << field << " " << value << " was taken";
  EXPECT_NE(problem->message.find("at /task_groups/0/tasks/0/config/" + field), std::string::npos)
      << problem->message;
  EXPECT_NE(problem->message.find(said), std::string::npos) << problem->message;
  EXPECT_NE(problem->message.find("for example: " + example), std::string::npos)
      << problem->message;
}

TEST(TemplateConfig, EveryFieldIsRead) {
  const TaskSpec task =
      read(R"(,"user":"nobody","stop_signal":"SIGINT","timeout":"90s","umask":"27",)"
           R"("limits":{"nofile":0,"core":"unlimited","cpu":"5s","as":"2GiB","rttime":"3ms"},)"
           R"("stdin":"","success_exit_codes":[0,255])",
           R"(,"logs":{"size":"1KiB","files":100})");
  EXPECT_EQ(task.user, "nobody");
  EXPECT_EQ(task.stop_signal, "SIGINT");
  EXPECT_EQ(task.timeout, std::chrono::seconds(90));
  EXPECT_EQ(task.umask, 027U);
  EXPECT_EQ(
      task.limits,
      (std::map<std::string, std::uint64_t>{
          {"as", 2ULL << 30}, {"core", kUnlimited}, {"cpu", 5}, {"nofile", 0}, {"rttime", 3000}}));
  EXPECT_EQ(task.input, "") << "an empty text is not the same as none";
  EXPECT_EQ(task.success_exit_codes, (std::vector<std::int32_t>{0, 255}));
  EXPECT_EQ(task.logs, (LogSpec{1024, 100}));
}

TEST(TemplateConfig, WhatIsNotThereIsAbsent) {
  const TaskSpec task = read("");
  EXPECT_EQ(task, (TaskSpec{"t", "c", {}, {}, {}, {}}));
}

TEST(TemplateConfig, UsersThatCanBeNoneAreRefused) {
  for (const char* user : {R"("")", R"("a b")", R"("a:b")", R"("../x")", R"("-x")", R"("a\n")"}) {
    expect_refused("user", user, "", R"("user": "nobody")");
  }
}

TEST(TemplateConfig, SignalsTimesAndMasksAreChecked) {
  expect_refused("stop_signal", R"("TERM")", "SIGTERM", R"("stop_signal": "SIGQUIT")");
  expect_refused("stop_signal", R"("SIGSTOP")", "none of the words", R"("stop_signal": "SIGQUIT")");
  expect_refused("stop_signal", "15", "expected a string", R"("stop_signal": "SIGQUIT")");
  expect_refused("timeout", R"("0s")", "more than nothing", R"("timeout": "1h")");
  expect_refused("timeout", R"("9000h")", "too long", R"("timeout": "1h")");
  expect_refused("timeout", "60", "expected a string", R"("timeout": "1h")");
  for (const char* mask : {R"("0888")", R"("1000")", R"("00027")", R"("-1")", R"("0x1f")"}) {
    expect_refused("umask", mask, "octal digits", R"("umask": "0027")");
  }
}

TEST(TemplateConfig, LimitsAreCheckedOneByOne) {
  const std::string example = R"("nofile": 1024 or "unlimited")";
  expect_refused("limits", R"({"nofile":-1})", "/nofile", example);
  expect_refused("limits", R"({"nofile":"1024"})", "/nofile", example);
  expect_refused("limits", R"({"nofile":1.5})", "/nofile", example);
  expect_refused("limits", R"({"core":1024})", "/core", R"("core": "512MiB" or "unlimited")");
  expect_refused("limits", R"({"as":"2G"})", "is no size", R"("as": "512MiB" or "unlimited")");
  expect_refused("limits", R"({"cpu":"1500ms"})", "whole seconds", R"("cpu": "60s")");
  core::TemplateSpec spec;
  const auto unknown = read_template(with_task(R"(,"limits":{"nofiles":1})"), spec);
  ASSERT_TRUE(unknown);
  EXPECT_NE(unknown->message.find(R"(did you mean "nofile"?)"), std::string::npos)
      << unknown->message;
}

TEST(TemplateConfig, CodesAndInputAreChecked) {
  const std::string example = R"("success_exit_codes": [0, 3])";
  expect_refused("success_exit_codes", "[]", "", example);
  expect_refused("success_exit_codes", "[256]", "/0", example);
  expect_refused("success_exit_codes", "[0,-1]", "/1", example);
  expect_refused("success_exit_codes", "0", "expected an array", example);
  expect_refused("stdin", "\"" + std::string(512 * 1024 + 1, 'x') + "\"", "", R"("stdin": )");
  expect_refused("stdin", R"("a\u0000b")", "", R"("stdin": )");
}

TEST(TemplateConfig, ResourcesAreRead) {
  const TaskSpec task =
      read("", R"(,"resources":{"cpu":0.5,"memory":"512MiB","cpu_limit":"hard"})");
  EXPECT_EQ(task.resources, (TaskResources{500, 512 << 20, CpuLimit::hard}));
}

TEST(TemplateConfig, ResourcesAreChecked) {
  for (const char* resources :
       {R"({"cpu":0})", R"({"cpu":"1"})", R"({"cpu":1e9})", R"({"memory":512})",
        R"({"memory":"512"})", R"({"memory":"1KiB"})", R"({"memory":"2000TiB"})",
        R"({"cpu_limit":"soft"})", R"({"ram":"1GiB"})", "1"}) {
    core::TemplateSpec spec;
    const auto problem =
        read_template(with_task("", std::string(",\"resources\":") + resources), spec);
    ASSERT_TRUE(problem) << resources;
    EXPECT_NE(problem->message.find("at /task_groups/0/tasks/0/resources"), std::string::npos);
  }
}

TEST(TemplateConfig, AHealthIsRead) {
  const auto bare = read("", R"(,"health":{"tcp":"127.0.0.1:5432"})").health;
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->tcp, "127.0.0.1:5432");
  EXPECT_EQ(bare->period(), std::chrono::seconds(10));
  EXPECT_EQ(bare->time_limit(), std::chrono::seconds(5));
  EXPECT_EQ(bare->passes_needed(), 1U);
  EXPECT_EQ(bare->failures_needed(), 3U);
  EXPECT_EQ(bare->when_unhealthy(), OnUnhealthy::restart);
  const auto whole =
      read("", R"(,"health":{"command":"pg_isready","args":["-q"],"interval":"100ms",)"
               R"("timeout":"2s","start_period":"30s","healthy_after":2,)"
               R"("unhealthy_after":5,"on_unhealthy":"report"})")
          .health;
  HealthSpec wanted;
  wanted.command = "pg_isready";
  wanted.args = {{"-q"}};
  wanted.interval = std::chrono::milliseconds(100);
  wanted.timeout = std::chrono::seconds(2);
  wanted.start_period = std::chrono::seconds(30);
  wanted.healthy_after = 2;
  wanted.unhealthy_after = 5;
  wanted.on_unhealthy = OnUnhealthy::report;
  EXPECT_EQ(whole, wanted);
  EXPECT_EQ(read("", R"(,"health":{"http":"http://[::1]:8080/?deep=1"})").health->http,
            "http://[::1]:8080/?deep=1");
}

TEST(TemplateConfig, AHealthIsChecked) {
  const auto refused = [](const std::string& health, const std::string& said) {
    core::TemplateSpec spec;
    const auto problem = read_template(with_task("", R"(,"health":)" + health), spec);
    ASSERT_TRUE(problem) << health << " was taken";
    EXPECT_NE(problem->message.find("at /task_groups/0/tasks/0/health" + said), std::string::npos)
        << problem->message;
  };
  refused("{}", ": must have exactly one of");
  refused(R"({"tcp":"127.0.0.1:1","http":"http://127.0.0.1/"})", ": must have exactly one of");
  refused(R"({"tcp":"127.0.0.1:1","args":[]})", "/args: belongs to \"command\"");
  refused(R"({"tcp":"127.0.0.1"})", "/tcp: must be an address and a port");
  refused(R"({"tcp":"127.0.0.1:0"})", "/tcp: must be an address and a port");
  refused(R"({"http":"https://127.0.0.1/"})", "/http: must be a URL that begins with http://");
  refused(R"({"http":"http://a b/"})", "/http: ");
  refused(R"({"tcp":"127.0.0.1:1","interval":"99ms"})", "/interval: must be 100ms or more");
  refused(R"({"tcp":"127.0.0.1:1","timeout":"11m"})", "/timeout: ");
  refused(R"({"tcp":"127.0.0.1:1","unhealthy_after":0})", "/unhealthy_after: ");
  refused(R"({"tcp":"127.0.0.1:1","on_unhealthy":"stop"})", "/on_unhealthy: ");
  refused(R"({"tcp":"127.0.0.1:1","period":"1s"})", "/period: no such field");
}

TEST(TemplateConfig, ARestartIsRead) {
  const auto bare = read("", R"(,"restart":{"policy":"always"})").restart;
  EXPECT_EQ(bare, (RestartSpec{RestartPolicy::always}));
  const auto whole = read("", R"(,"restart":{"policy":"on_failure","attempts":100,"within":"1h",)"
                              R"("delay":"2s","max_delay":"2s"})")
                         .restart;
  EXPECT_EQ(whole, (RestartSpec{RestartPolicy::on_failure, 100, std::chrono::hours(1),
                                std::chrono::seconds(2), std::chrono::seconds(2)}));
  EXPECT_EQ(read("").restart_policy(), RestartPolicy::never);
}

TEST(TemplateConfig, ARestartIsChecked) {
  const auto refused = [](const std::string& restart, const std::string& said) {
    core::TemplateSpec spec;
    const auto problem = read_template(with_task("", R"(,"restart":)" + restart), spec);
    ASSERT_TRUE(problem) << restart << " was taken";
    EXPECT_NE(problem->message.find("at /task_groups/0/tasks/0/restart" + said), std::string::npos)
        << problem->message;
  };
  refused(R"("on_failure")", ": expected an object");
  refused(R"({"attempts":3})", "/policy: is missing");
  refused(R"({"policy":"often"})", "/policy: ");
  refused(R"({"policy":"always","attempts":0})", "/attempts: 0 is no whole number from 1 to 100");
  refused(R"({"policy":"always","within":"0s"})", "/within: must be more than nothing");
  refused(R"({"policy":"always","delay":"999ms"})", "/delay: must be 1s or more");
  refused(R"({"policy":"always","max_delay":"25h"})", "/max_delay: '25h' is too long");
  refused(R"({"policy":"always","delay":"3s","max_delay":"2s"})",
          "/max_delay: must not be shorter than delay");
  refused(R"({"policy":"always","wait":"3s"})", "/wait: ");
}

TEST(TemplateConfig, LogsAreChecked) {
  for (const char* logs : {R"({"size":"1023B"})", R"({"size":"2TiB"})", R"({"size":10})",
                           R"({"files":0})", R"({"files":101})", R"({"file":1})", "5"}) {
    core::TemplateSpec spec;
    const auto problem = read_template(with_task("", std::string(",\"logs\":") + logs), spec);
    ASSERT_TRUE(problem) << logs;
    EXPECT_NE(problem->message.find("at /task_groups/0/tasks/0/logs"), std::string::npos);
  }
}

}  // namespace
}  // namespace drover::http
