// The six calls, as a client sees them.
#include <gtest/gtest.h>

#include <string>

#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

class SeedApi : public MasterFixture {};

const char* const kDocument = R"({
  "name": "我的数据处理任务",
  "task_groups": [
    {
      "tasks": [
        {
          "name": "数据清洗器",
          "config": {
            "command": "/opt/apps/clean.sh"
          }
        },
        {
          "name": "\u6570\u636e分析器",
          "config": {
            "command": "/opt/apps/analyze.py"
          }
        }
      ]
    }
  ]
})";
const char* const kCompact =
    R"({"name":"我的数据处理任务","task_groups":[{"tasks":[{"name":"数据清洗器","config":{"command":)"
    R"("/opt/apps/clean.sh"}},{"name":"\u6570\u636e分析器","config":{"command":)"
    R"("/opt/apps/analyze.py"}}]}]})";

TEST_F(SeedApi, ATemplateComesBackAsItWasGiven) {
  const HttpResponse created = post("/api/task/task_group", kDocument);
  EXPECT_EQ(created.status, 200);
  EXPECT_EQ(created.header("content-type"), "application/json");
  EXPECT_EQ(created.body, R"({"status":"success"})");

  const HttpResponse found = post("/api/task/query", R"({"name": "我的数据处理任务"})");
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.header("content-type"), "application/json");
  EXPECT_EQ(found.body, kCompact);
}

TEST_F(SeedApi, TheSameTemplateAgainIsASuccess) {
  create_template("work");
  create_template("work");
  EXPECT_EQ(post("/api/task/query", R"({"name":"work"})").body, template_document("work"));
}

TEST_F(SeedApi, AnotherTemplateOfTheNameIsAConflict) {
  create_template("work");
  const HttpResponse conflict =
      post("/api/task/task_group", template_document("work", "/bin/false"));
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.code(), "template_exists");
  EXPECT_NE(conflict.message().find("at /name:"), std::string::npos);
  EXPECT_EQ(post("/api/task/query", R"({"name":"work"})").body, template_document("work"));
}

TEST_F(SeedApi, WhatCurlSendsIsTaken) {
  HttpClient client = connect();
  const auto response = client.post("/api/task/task_group", template_document("work"),
                                    "Content-Type: application/x-www-form-urlencoded\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
}

TEST_F(SeedApi, UnknownNamesAndIdsAreNotFound) {
  for (const char* path : {"/api/task/query", "/api/task/task_group/deploy"}) {
    const HttpResponse response = post(path, R"({"name":"无名"})");
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.code(), "unknown_template") << path;
    EXPECT_NE(response.message().find("无名"), std::string::npos) << response.body;
  }
  const std::string body = R"({"id":"0192f3a0-7b1c-7def-8123-456789abcdef"})";
  for (const char* path : {"/api/task/task_group/query", "/api/task/task_group/stop"}) {
    const HttpResponse response = post(path, body);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.code(), "unknown_instance") << path;
  }
}

TEST_F(SeedApi, AnInstanceWithoutANodeIsNotRunning) {
  create_template("work");
  EXPECT_EQ(status(deploy("work")), 1);
}

TEST_F(SeedApi, AnInstanceIsRunningFromItsPlacementToItsEnd) {
  const Agent agent = agent_connects("192.168.1.100");
  create_template("work");
  const std::string id = deploy("work");
  EXPECT_EQ(status(id), 0) << "starting";
  const auto allocation = outbox_.await_start();
  EXPECT_EQ(allocation->id.instance.text(), id);
  agent_reports(agent, *allocation, {});
  EXPECT_EQ(status(id), 0) << "running";
  agent_reports(agent, *allocation, {core::EndKind::exited, 0, ""});
  EXPECT_EQ(status(id), 1) << "completed, read from the history";
}

TEST_F(SeedApi, AFailedTaskIsAbnormal) {
  const Agent agent = agent_connects("192.168.1.100");
  create_template("work");
  const std::string id = deploy("work");
  agent_reports(agent, *outbox_.await_start(), {core::EndKind::exited, 3, ""});
  EXPECT_EQ(status(id), 1);
}

TEST_F(SeedApi, StopIsAnsweredWithTheIdAsOftenAsItIsAsked) {
  const Agent agent = agent_connects("192.168.1.100");
  create_template("work");
  const std::string id = deploy("work");
  const auto allocation = outbox_.await_start();
  agent_reports(agent, *allocation, {});
  const std::string body = R"({"id":")" + id + R"("})";
  for (int i = 0; i < 2; ++i) {
    const HttpResponse stopped = post("/api/task/task_group/stop", body);
    EXPECT_EQ(stopped.status, 200);
    EXPECT_EQ(stopped.body, body);
    EXPECT_EQ(status(id), 1);
  }
  agent_reports(agent, *allocation, {core::EndKind::signaled, 15, ""});
  const HttpResponse after_its_end = post("/api/task/task_group/stop", body);
  EXPECT_EQ(after_its_end.status, 200);
  EXPECT_EQ(after_its_end.body, body);
  EXPECT_EQ(status(id), 1);
}

TEST_F(SeedApi, AnIdMayBeWrittenInCapitals) {
  create_template("work");
  const std::string id = deploy("work");
  std::string capitals = id;
  for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(post("/api/task/task_group/query", R"({"id":")" + capitals + R"("})").body,
            R"({"id":")" + id + R"(","status":1})");
}

TEST_F(SeedApi, NodesAreListedWithTheirUsage) {
  EXPECT_EQ(get("/api/task/node").body, R"({"nodes":[]})");
  const Agent first = agent_connects("192.168.1.100");
  const Agent second = agent_connects("192.168.1.101");
  agent_reports_load(first, 50, 30);
  agent_reports_load(second, 70, 80);
  agent_leaves(second);
  const HttpResponse response = get("/api/task/node");
  EXPECT_EQ(response.header("content-type"), "application/json");
  EXPECT_EQ(response.body, R"({"nodes":[{"ip":"192.168.1.100","status":0,)"
                           R"("resources":"cpu_usage_percent:50,memory_usage_percent:30"},)"
                           R"({"ip":"192.168.1.101","status":1,)"
                           R"("resources":"cpu_usage_percent:0,memory_usage_percent:0"}]})");
}

TEST_F(SeedApi, EachDeployIsAnInstanceOfItsOwn) {
  create_template("work");
  EXPECT_NE(deploy("work"), deploy("work"));
}

TEST_F(SeedApi, TheServerTellsAboutItself) {
  EXPECT_EQ(get("/healthz").body, R"({"status":"ok"})");
  EXPECT_EQ(get("/readyz?probe=1").body, R"({"status":"ok"})");
  const HttpResponse about = get("/");
  EXPECT_EQ(about.status, 200);
  EXPECT_NE(about.body.find("/api/task/task_group/deploy"), std::string::npos);
}

TEST_F(SeedApi, AFullEngineTurnsAway) {
  create_template("work");
  engine_->stop();
  const HttpResponse response = post("/api/task/task_group/deploy", R"({"name":"work"})");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.code(), "overloaded");
  EXPECT_EQ(response.header("retry-after"), "1");
  EXPECT_EQ(post("/api/task/query", R"({"name":"work"})").status, 200) << "reads go on";
}

}  // namespace
}  // namespace drover::test
