// The master's HTTP room with the real engine, view and store behind it, on a port of its own, and
// an agent's side that a test can speak for.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "master/core/state.h"
#include "master/engine/engine.h"
#include "master/engine/view.h"
#include "master/http/routes.h"
#include "master/http/server.h"
#include "master/metrics/measured_store.h"
#include "master/metrics/metrics.h"
#include "master/store/store.h"
#include "tests/integration/http/fake_outputs.h"
#include "tests/support/http_client.h"
#include "tests/support/temp_dir.h"

namespace drover::test {

// Keeps what the engine tells agents.
class RecordingOutbox final : public engine::AgentOutbox {
 public:
  void send(std::vector<core::MessageToAgent> messages) override;
  // Waits for the next allocation that an agent is to start.
  core::Ptr<core::Allocation> await_start();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<core::Ptr<core::Allocation>> starts_;
};

class MasterFixture : public testing::Test {
 protected:
  // Called before the server starts.
  virtual void configure(http::ServerOptions&) {}

  void SetUp() override;
  void TearDown() override;

  std::uint16_t port() const { return server_->port(); }
  HttpClient connect() const { return HttpClient(port()); }

  // One request on a connection of its own; fails the test where there is no answer.
  HttpResponse post(const std::string& path, std::string_view body) const;
  HttpResponse get(const std::string& path) const;
  // Sends bytes as they are, and gives the first answer.
  HttpResponse exchange(std::string_view bytes) const;

  // Verbs of the API that must succeed.
  void create_template(const std::string& name) const;
  std::string deploy(const std::string& name) const;  // the id
  int status(const std::string& id) const;

  // The agent's side.
  struct Agent {
    NodeId node;
    SessionId session;
  };
  Agent agent_connects(const std::string& ip);
  void agent_reports_load(const Agent& agent, std::uint8_t cpu, std::uint8_t memory);
  void agent_leaves(const Agent& agent);
  // The first task of the allocation, whose first attempt it is: it runs, or has ended.
  void agent_reports(const Agent& agent, const core::Allocation& allocation, core::TaskEnd end);
  void agent_reports(const Agent& agent, const core::AttemptReport& report);

  void expect_healthy() const;

  TempDir directory_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<engine::View> view_;
  RecordingOutbox outbox_;
  FakeOutputs outputs_;
  metrics::Metrics metrics_{http::routes().size()};
  std::unique_ptr<metrics::MeasuredStore> measured_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<http::Server> server_;

 private:
  void run(core::Command command);

  std::uint64_t last_session_ = 0;
};

// A valid template with one task.
std::string template_document(const std::string& name, const std::string& command = "/bin/true");

// What this process holds in memory of its own, in bytes: pages of files, which it can read again,
// are left out.
std::size_t private_bytes();

}  // namespace drover::test
