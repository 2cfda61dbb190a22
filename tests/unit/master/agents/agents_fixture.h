// The agents' side of a master on a free port, and an agent that is spoken by hand.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>

#include "drover/agent.grpc.pb.h"
#include "master/agents/output_hub.h"
#include "master/agents/registry.h"
#include "master/agents/server.h"
#include "master/engine/engine.h"
#include "master/store/store.h"
#include "tests/support/records.h"
#include "tests/support/temp_dir.h"

namespace drover::agents {

inline constexpr Epoch kEpoch{3};

// One agent's stream, spoken by hand.
class ScriptedAgent {
 public:
  explicit ScriptedAgent(std::uint16_t port)
      : stub_(v1::AgentLink::NewStub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                                         grpc::InsecureChannelCredentials()))) {
    call_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    stream_ = stub_->Session(&call_);
  }
  ~ScriptedAgent() { call_.TryCancel(); }

  static v1::AgentMessage hello(const NodeId& node, const std::string& secret = "secret") {
    v1::AgentMessage message;
    v1::Hello& hello = *message.mutable_hello();
    hello.set_node_id(std::string(node.raw()));
    hello.set_node_secret(secret);
    hello.set_boot_id("boot");
    hello.set_advertise_ip("192.0.2.1");
    hello.set_cpu_count(4);
    return message;
  }

  bool say(const v1::AgentMessage& message) { return stream_->Write(message); }
  void hang_up() { stream_->WritesDone(); }

  // The next message; fails the test when the stream has ended.
  v1::MasterMessage hear() {
    v1::MasterMessage message;
    EXPECT_TRUE(stream_->Read(&message)) << "the stream has ended";
    return message;
  }

  // Reads to the end of the stream and says why it ended.
  grpc::Status end() {
    v1::MasterMessage message;
    while (stream_->Read(&message)) {
    }
    return stream_->Finish();
  }

 private:
  std::unique_ptr<v1::AgentLink::Stub> stub_;
  grpc::ClientContext call_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::AgentMessage, v1::MasterMessage>> stream_;
};

class AgentsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto store = store::open_rocksdb(directory_.path());
    ASSERT_TRUE(store.ok());
    store_ = std::move(*store);
    engine_ = std::make_unique<engine::Engine>(
        core::State(), Index{0}, *store_, view_, registry_,
        engine::Engine::Options{[](const std::string& reason) { ADD_FAILURE() << reason; }});
    auto server = AgentServer::start({"127.0.0.1", 0}, kEpoch, {}, *engine_, registry_, outputs_);
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = std::move(*server);
    engine_->start();
  }
  void TearDown() override {
    server_->stop();
    engine_->stop();
  }

  core::ReplyCode run(core::Command command) {
    std::promise<core::ReplyCode> reply;
    EXPECT_TRUE(engine_->submit(std::move(command),
                                [&reply](const core::Reply& r) { reply.set_value(r.code); }));
    return reply.get_future().get();
  }

  InstanceId deploy() {
    EXPECT_EQ(core::ReplyCode::ok, run(core::CreateTemplate{test::a_template_spec("work"), "{}"}));
    const InstanceId id{new_uuid()};
    EXPECT_EQ(core::ReplyCode::ok, run(core::Deploy{"work", id}));
    return id;
  }

  // With other limits, and no session.
  void restart_server(const SessionLimits& limits) {
    server_->stop();
    auto server =
        AgentServer::start({"127.0.0.1", 0}, kEpoch, {}, *engine_, registry_, outputs_, limits);
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = std::move(*server);
  }

  ScriptedAgent connect() { return ScriptedAgent(server_->port()); }

  TempDir directory_;
  engine::View view_{core::State()};
  SessionRegistry registry_;
  OutputHub outputs_{registry_, kEpoch};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<AgentServer> server_;
  const NodeId node_{new_uuid()};
};

}  // namespace drover::agents
