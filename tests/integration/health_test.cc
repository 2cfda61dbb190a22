// Checks of what runs: real master, agent, supervisor and processes.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

namespace json = boost::json;

// Listens on a free port, writes it into the file PORT, and answers each request with what the file
// STATUS says.
constexpr char kServer[] = R"(
import http.server, os, sys
directory = sys.argv[1]
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(open(directory + '/status').read()))
        self.end_headers()
    def log_message(self, *ignored):
        pass
server = http.server.HTTPServer(('127.0.0.1', int(sys.argv[2])), Handler)
with open(directory + '/port.new', 'w') as out:
    out.write(str(server.server_port))
os.rename(directory + '/port.new', directory + '/port')
server.serve_forever()
)";

class HealthTest : public testing::Test {
 protected:
  void SetUp() override {
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.await_online(1);
  }

  std::string file(const std::string& name) const { return cluster_.directory() + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name) + ".new") << text;
    std::filesystem::rename(file(name) + ".new", file(name));
  }
  static std::string quoted(const std::string& text) { return json::serialize(json::string(text)); }
  // `rest`: members beside its config.
  static std::string task(const std::string& name, const std::string& command,
                          const std::string& rest) {
    return R"({"name":")" + name + R"(","config":{"command":)" + quoted(command) +
           R"(,"stop_grace":"1s"},)" + rest + "}";
  }
  static std::string group(const std::string& tasks, const std::string& rest = "") {
    return R"({"name":"work","task_groups":[{"tasks":[)" + tasks + "]" + rest + "}]}";
  }
  static std::string health(const std::string& way, const std::string& rest = "") {
    return R"("health":{)" + way + R"(,"interval":"100ms","unhealthy_after":2)" + rest + "}";
  }
  // Whether the file says so.
  std::string command_check(const std::string& name) const {
    return R"("command":)" + quoted("grep -q well " + file(name));
  }

  json::value shown(const std::string& id) const {
    return json::parse(cluster_.get("/api/v1/instances/" + id).body);
  }
  json::object shown_task(const std::string& id, int number = 0) const {
    return shown(id).at("groups").at(0).at("tasks").at(number).as_object();
  }
  static std::string text(const json::value& value) { return json::value_to<std::string>(value); }
  std::string health_of(const std::string& id, int number = 0) const {
    const json::object found = shown_task(id, number);
    return found.contains("health") ? text(found.at("health").at("state")) : "unknown";
  }
  void await_health(const std::string& id, const std::string& state, int number = 0) const {
    EXPECT_TRUE(eventually([&] { return health_of(id, number) == state; })) << shown(id);
  }
  void await_state(const std::string& id, const std::string& state) const {
    EXPECT_TRUE(eventually([&] { return text(shown(id).at("state")) == state; })) << shown(id);
  }
  std::int64_t attempts_of(const std::string& id) const {
    return shown_task(id).at("attempt").as_int64();
  }

  Cluster cluster_;
};

TEST_F(HealthTest, WhatIsUnhealthyIsBegunAgain) {
  write("state", "well");
  cluster_.create(group(
      task("t", "exec sleep 600",
           health(command_check("state")) + R"(,"restart":{"policy":"on_failure","delay":"1s"})")));
  const std::string id = cluster_.deploy("work");
  await_health(id, "healthy");
  EXPECT_EQ(attempts_of(id), 1);
  write("state", "bad");
  EXPECT_TRUE(eventually([&] { return attempts_of(id) == 2; })) << shown(id);
  write("state", "well");
  await_health(id, "healthy");
  const json::object before = shown_task(id).at("previous").at(0).as_object();
  EXPECT_EQ(text(before.at("reason")), "unhealthy");
  EXPECT_EQ(before.at("signal"), 15);
  cluster_.stop(id);
  await_state(id, "stopped");
}

TEST_F(HealthTest, WithoutARestartItHasFailed) {
  cluster_.create(group(task("t", "exec sleep 600", health(R"("command":"exit 3")"))));
  const std::string id = cluster_.deploy("work");
  await_state(id, "failed");
  EXPECT_EQ(text(shown_task(id).at("reason")), "unhealthy");
  EXPECT_NE(text(shown(id).at("cause")).find("its checks had failed"), std::string::npos);
}

TEST_F(HealthTest, OfAnHttpServerByItsStatusAndOnlyReported) {
  write("status", "503");
  write("server.py", kServer);
  // The port is not known before: the first server finds a free one, and the task takes it then.
  cluster_.create(R"({"name":"finder","task_groups":[{"tasks":[{"name":"t","config":{"command":)" +
                  quoted("exec python3 " + file("server.py") + " " + cluster_.directory() + " 0") +
                  "}}]}]}");
  const std::string finder = cluster_.deploy("finder");
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(file("port")); }));
  std::string port;
  std::getline(std::ifstream(file("port")) >> std::ws, port);
  cluster_.create(group(task("t", "exec sleep 600",
                             health(R"("http":"http://127.0.0.1:)" + port + R"(/healthz")",
                                    R"(,"on_unhealthy":"report")"))));
  const std::string id = cluster_.deploy("work");
  await_health(id, "unhealthy");
  EXPECT_EQ(text(shown_task(id).at("health").at("failure")), "HTTP 503");
  await_state(id, "degraded");
  EXPECT_NE(text(shown(id).at("cause")).find("task 't' is unhealthy: HTTP 503"), std::string::npos);
  write("status", "200");
  await_health(id, "healthy");
  await_state(id, "running");
  cluster_.stop(finder);
  await_health(id, "unhealthy");
  EXPECT_NE(text(shown_task(id).at("health").at("failure")).find("Connection refused"),
            std::string::npos);
  EXPECT_EQ(attempts_of(id), 1) << "it was only reported";
}

TEST_F(HealthTest, TheNextTaskBeginsWhenTheOneBeforeIsHealthy) {
  write("state", "not yet");
  cluster_.create(group(task("database", "exec sleep 600",
                             health(command_check("state"), R"(,"start_period":"10m")")) +
                        "," +
                        task("client", "exec sleep 600", R"("after":{"database":"healthy"})")));
  const std::string id = cluster_.deploy("work");
  EXPECT_TRUE(eventually([&] { return text(shown_task(id, 0).at("state")) == "running"; }));
  EXPECT_EQ(text(shown_task(id, 1).at("state")), "waiting");
  write("state", "well");
  EXPECT_TRUE(eventually([&] { return text(shown_task(id, 1).at("state")) == "running"; }));
  EXPECT_EQ(health_of(id), "healthy");
}

TEST_F(HealthTest, ACheckThatHangsIsKilledWithAllThatItForked) {
  const std::string forks =
      "echo $$ >> " + file("pids") + "; sleep 600 & echo $! >> " + file("pids") + "; wait";
  cluster_.create(group(task(
      "t", "exec sleep 600",
      health(R"("command":)" + quoted(forks), R"(,"timeout":"200ms","on_unhealthy":"report")"))));
  const std::string id = cluster_.deploy("work");
  await_health(id, "unhealthy");
  EXPECT_EQ(text(shown_task(id).at("health").at("failure")), "no answer within 200 ms");
  cluster_.stop(id);
  await_state(id, "stopped");
  std::ifstream pids(file("pids"));
  int count = 0;
  for (std::string pid; pids >> pid; ++count) {
    EXPECT_TRUE(eventually([&] { return !std::filesystem::exists("/proc/" + pid); })) << pid;
  }
  EXPECT_GE(count, 4);
}

TEST_F(HealthTest, AnotherAgentJudgesAnewAndLeavesNoCheckBehind) {
  write("state", "well");
  cluster_.create(group(task("t", "exec sleep 600", health(command_check("state")))));
  const std::string id = cluster_.deploy("work");
  await_health(id, "healthy");
  const std::string since = text(shown_task(id).at("health").at("since"));
  cluster_.agent(0).kill();
  cluster_.start_agent(0);
  EXPECT_TRUE(eventually([&] { return text(shown_task(id).at("health").at("since")) != since; }));
  EXPECT_EQ(health_of(id), "healthy");
  EXPECT_EQ(attempts_of(id), 1);
  write("state", "bad");
  await_state(id, "failed");
}

TEST_F(HealthTest, AnUpdateThatIsNeverHealthyIsTakenBack) {
  const auto service = [](const std::string& check) {
    return R"({"name":"work","kind":"service","task_groups":[{"name":"web",)"
           R"("update":{"min_healthy_time":"100ms","healthy_deadline":"2s"},"tasks":[)" +
           task("t", "exec sleep 600",
                health(R"("command":)" + quoted(check), R"(,"on_unhealthy":"report")")) +
           "]}]}";
  };
  cluster_.create(service("exit 0"));
  const std::string id = cluster_.deploy("work");
  await_health(id, "healthy");
  const auto update = [&](const std::string& check, const std::string& outcome) {
    cluster_.put("/api/v1/templates", service(check));
    EXPECT_EQ(cluster_.post("/api/v1/instances/" + id + "/update", "{}").status, 200);
    EXPECT_TRUE(eventually([&] { return text(shown(id).at("rollout").at("state")) == outcome; }))
        << shown(id);
  };
  update("exit 1", "reverted");
  EXPECT_EQ(shown(id).at("version"), 1);
  update("exit 0 # as well", "updated");
  EXPECT_EQ(shown(id).at("version"), 3);
}

}  // namespace
}  // namespace drover::test
