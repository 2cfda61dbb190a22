// Every example of the OpenAPI document is sent to a real master as it stands, and the answer is
// what the document says.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <csignal>
#include <set>

#include "tests/integration/openapi/caller.h"
#include "tests/support/cluster.h"

namespace drover::test {
namespace {

namespace json = boost::json;

// So that each finds what those before it have made. An operation that is not here fails the test.
const std::vector<std::string>& in_order() {
  static const std::vector<std::string> order = {
      "getHealth",       "getReadiness",    "getOpenApi",    "getCalls",      "getMetrics",
      "createTemplate",  "putTemplate",     "queryTemplate", "listTemplates", "getTemplate",
      "deployTemplate",  "deployInstance",  "queryInstance", "listInstances", "getInstance",
      "explainInstance", "getInstanceLogs", "restartTasks",  "signalTasks",   "updateInstance",
      "scaleInstance",   "listNodeUsage",   "listNodes",     "getNode",       "getEvents",
      "getCluster",      "resumeCluster",   "drainNode",     "resumeNode",    "stopInstance",
      "endInstance",     "removeTemplate",  "removeNode",    "forgetInstance"};
  return order;
}

class OpenApiExamples : public testing::Test {
 protected:
  void SetUp() override {
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.await_online(1);
    caller_ = std::make_unique<Caller>(cluster_.http_port());
    const json::value nodes = json::parse(cluster_.get("/api/v1/nodes").body);
    caller_->put_in_place(kNodeExample,
                          json::value_to<std::string>(nodes.at("nodes").at(0).at("id")));
  }

  // Before each request of the operation.
  void prepare(const std::string& operation) {
    if (operation == "getInstanceLogs") await_output();
    if (operation == "restartTasks" || operation == "signalTasks") await_running();
    if (operation == "removeNode") empty_node();
    if (operation == "forgetInstance") await_end(deployed_.at("deployTemplate"));
    if (operation != "removeTemplate") return;
    for (const std::string& id : reports_) {
      cluster_.stop(id);
      await_end(id);
    }
    cluster_.post("/api/task/task_group", R"({"name":"report","task_groups":[{"tasks":[)"
                                          R"({"name":"clean","config":{"command":"true"}}]}]})");
  }

  // Ids that are answered stand in the place of those of the examples from then on.
  void learn(const std::string& operation, const std::string& body) {
    if (operation != "deployTemplate" && operation != "deployInstance") return;
    const json::value answer = json::parse(body);
    if (!answer.as_object().contains("id")) return;  // it was only tried
    const std::string id = json::value_to<std::string>(answer.at("id"));
    instances_.push_back(id);
    if (operation == "deployTemplate") reports_.push_back(id);
    deployed_[operation] = id;
    caller_->put_in_place(kInstanceExample, id);
  }

  // The first call is about a batch job, the others about a service.
  void choose_instance(const std::string& operation) {
    const bool batch = operation == "stopInstance" || operation == "queryInstance" ||
                       operation == "forgetInstance";
    const auto found = deployed_.find(batch ? "deployTemplate" : "deployInstance");
    if (found != deployed_.end()) caller_->put_in_place(kInstanceExample, found->second);
  }

  void await_output() const {
    const std::string path = "/api/v1/instances/" + deployed_.at("deployInstance") + "/logs";
    ASSERT_TRUE(
        eventually([&] { return cluster_.get(path).body.find("serving") != std::string::npos; }));
  }

  // What was asked for before has happened.
  void await_running() const {
    const std::string path = "/api/v1/instances/" + deployed_.at("deployInstance");
    ASSERT_TRUE(eventually([&] {
      const std::string shown = cluster_.get(path).body;
      return shown.find(R"("state":"running")") != std::string::npos &&
             shown.find("restart_requested") == std::string::npos &&
             shown.find(R"("restarting")") == std::string::npos;
    }));
  }

  // Which is offline then.
  void empty_node() {
    for (const std::string& id : instances_) {
      cluster_.stop(id);
      await_end(id);
    }
    cluster_.agent(0).signal(SIGTERM);
    cluster_.agent(0).wait();
    cluster_.await_online(0);
  }

  void await_end(const std::string& id) const {
    EXPECT_EQ(cluster_.get("/api/v1/instances/" + id + "?wait=terminal&timeout=20s").status, 200);
  }

  Cluster cluster_;
  std::unique_ptr<Caller> caller_;
  std::vector<std::string> instances_;           // all of them
  std::vector<std::string> reports_;             // instances of that template
  std::map<std::string, std::string> deployed_;  // by operation
};

TEST_F(OpenApiExamples, AreTakenAsTheyStand) {
  const ApiDocument& document = caller_->document();
  std::set<std::string> all;
  for (const auto& operation : document.operations()) all.insert(operation.id);
  EXPECT_EQ(std::set<std::string>(in_order().begin(), in_order().end()), all);
  for (const std::string& id : in_order()) {
    const auto& operation = document.operation(id);
    choose_instance(id);
    for (const Sent& each : caller_->examples_of(operation)) {
      prepare(id);
      const HttpResponse answer = caller_->send(operation, each);
      const bool may_be_unchanged = each.what == "If-None-Match" && answer.status == 304;
      EXPECT_TRUE(answer.status == 200 || may_be_unchanged)
          << id << " " << each.what << ": " << answer.status << " " << answer.body;
      EXPECT_EQ(caller_->misfit(operation, answer), "") << each.what;
      if (answer.status == 200) learn(id, answer.body);
    }
  }
}

// Whatever is wrong is said with a status and a code that the document lists for the operation.
TEST_F(OpenApiExamples, ErrorsAreThoseThatAreListed) {
  const std::string nobody = "01930b7e-0000-7000-8000-000000000000";
  const std::vector<std::string> wrong_bodies = {"",
                                                 " ",
                                                 "{",
                                                 "[]",
                                                 "{} {}",
                                                 R"({"nonsense":1})",
                                                 R"({"name":1})",
                                                 R"({"id":"x"})",
                                                 R"({"name":"a","name":"b"})"};
  caller_->put_in_place(kInstanceExample, nobody);
  caller_->put_in_place(kNodeExample, nobody);
  for (const auto& operation : caller_->document().operations()) {
    std::vector<Sent> requests = caller_->examples_of(operation);
    const Sent plain = requests.back();
    requests.push_back(plain);
    requests.back().query = "nonsense=1";
    if (plain.body) {
      for (const std::string& body : wrong_bodies) {
        requests.push_back(plain);
        requests.back().body = body;
      }
    }
    const auto brace = operation.path.find('{');
    if (brace != std::string::npos) {
      requests.push_back(plain);
      requests.back().path.replace(brace, nobody.size(), "no-id");
    }
    for (const Sent& each : requests) {
      if (each.query == "follow=true") continue;
      const HttpResponse answer = caller_->send(operation, each);
      EXPECT_EQ(caller_->misfit(operation, answer), "")
          << operation.id << " " << each.what << " " << each.path << "?" << each.query << " "
          << each.body.value_or("");
    }
  }
}

}  // namespace
}  // namespace drover::test
