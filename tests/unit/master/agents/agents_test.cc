// The agents' side of the master over real gRPC streams on a free port.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/unit/master/agents/agents_fixture.h"

namespace drover::agents {
namespace {

using testing::HasSubstr;

TEST_F(AgentsTest, AHelloIsWelcomedWithEpochAndLease) {
  ScriptedAgent agent = connect();
  agent.say(ScriptedAgent::hello(node_));
  const v1::MasterMessage message = agent.hear();
  ASSERT_TRUE(message.has_welcome());
  EXPECT_EQ(kEpoch.value, message.epoch());
  EXPECT_EQ(3000u, message.welcome().heartbeat_interval_ms());
  EXPECT_EQ(10'000u, message.welcome().lease_ms());
  ASSERT_EQ(1u, view_.nodes().size());
  EXPECT_TRUE(view_.nodes()[0].node->online);
  EXPECT_EQ("192.0.2.1", view_.nodes()[0].node->ip);
}

TEST_F(AgentsTest, ADeployReachesTheAgentAndItsEndReachesTheHistory) {
  ScriptedAgent agent = connect();
  agent.say(ScriptedAgent::hello(node_));
  agent.hear();
  const InstanceId id = deploy();

  const v1::MasterMessage start = agent.hear();
  ASSERT_EQ(1, start.commands_size());
  const v1::StartAllocation& allocation = start.commands(0).start();
  EXPECT_EQ(id.raw(), allocation.allocation().instance_id());
  ASSERT_EQ(1, allocation.tasks_size());
  EXPECT_EQ("/bin/true", allocation.tasks(0).command());
  EXPECT_FALSE(allocation.tasks(0).has_args());
  EXPECT_FALSE(allocation.tasks(0).has_stop_grace_ms()) << "the template says nothing of it";

  v1::AgentMessage ended;
  v1::AttemptReport& report = *ended.add_attempts();
  *report.mutable_allocation() = allocation.allocation();
  report.set_attempt(1);
  report.mutable_end()->set_exit_code(0);
  agent.say(ended);
  // The end is durable when the agent is told to forget.
  const v1::MasterMessage remove = agent.hear();
  ASSERT_EQ(1, remove.commands_size());
  EXPECT_EQ(id.raw(), remove.commands(0).remove().instance_id());
  const auto finished = store_->find_finished(id);
  ASSERT_TRUE(finished.ok() && finished->has_value());
  EXPECT_EQ(core::InstanceState::completed, (*finished)->instance->state);
}

TEST_F(AgentsTest, AHeartbeatIsPublished) {
  ScriptedAgent agent = connect();
  agent.say(ScriptedAgent::hello(node_));
  agent.hear();
  v1::AgentMessage heartbeat;
  heartbeat.mutable_heartbeat()->set_cpu_percent(150);
  heartbeat.mutable_heartbeat()->set_memory_percent(30);
  agent.say(heartbeat);
  // A heartbeat alone may wait for what comes next; what follows that is read after both were dealt
  // with.
  agent.say(v1::AgentMessage());
  agent.hang_up();
  agent.end();
  ASSERT_EQ(1u, view_.nodes().size());
  EXPECT_EQ(100, view_.nodes()[0].usage.cpu_percent);
  EXPECT_EQ(30, view_.nodes()[0].usage.memory_percent);
}

TEST_F(AgentsTest, MessagesAreNumberedAndNameTheirSession) {
  ScriptedAgent agent = connect();
  agent.say(ScriptedAgent::hello(node_));
  const v1::MasterMessage welcome = agent.hear();
  EXPECT_GT(welcome.session(), 0u);
  EXPECT_EQ(1u, welcome.sequence());
  deploy();
  const v1::MasterMessage start = agent.hear();
  EXPECT_EQ(welcome.session(), start.session());
  EXPECT_EQ(2u, start.sequence());
}

TEST_F(AgentsTest, TheHeartbeatsOfAnExclusiveGroupsNodeAreAnswered) {
  core::TemplateSpec spec = test::a_template_spec("alone");
  spec.groups[0].exclusive = true;
  spec.groups[0].on_task_failure = OnTaskFailure::stop_group;
  ASSERT_EQ(core::ReplyCode::ok, run(core::CreateTemplate{spec, "{}"}));
  ScriptedAgent agent = connect();
  v1::AgentMessage hello = ScriptedAgent::hello(node_);
  hello.mutable_heartbeat()->set_sequence(1);
  hello.mutable_heartbeat()->set_cpu_percent(7);
  agent.say(hello);
  agent.hear();
  // The heartbeat may be taken into account later than the hello that it came with.
  ASSERT_TRUE(test::eventually([&] { return view_.nodes().at(0).usage.cpu_percent == 7; }));
  ASSERT_EQ(core::ReplyCode::ok, run(core::Deploy{"alone", InstanceId{new_uuid()}}));
  const v1::MasterMessage start = agent.hear();
  EXPECT_TRUE(start.commands(0).start().exclusive());
  EXPECT_EQ(start.commands(0).start().on_task_failure(),
            static_cast<std::uint32_t>(OnTaskFailure::stop_group));
  EXPECT_EQ(1u, start.heartbeat()) << "a lease comes with the start";

  v1::AgentMessage heartbeat;
  heartbeat.mutable_heartbeat()->set_sequence(2);
  agent.say(heartbeat);
  const v1::MasterMessage heard = agent.hear();
  EXPECT_EQ(0, heard.commands_size());
  EXPECT_EQ(2u, heard.heartbeat());
}

TEST_F(AgentsTest, WhoDoesNotSayHelloInTimeIsSentAway) {
  restart_server({10, std::chrono::milliseconds(50)});
  ScriptedAgent stranger = connect();
  EXPECT_EQ(grpc::StatusCode::DEADLINE_EXCEEDED, stranger.end().error_code());
  // One that does is not.
  ScriptedAgent agent = connect();
  agent.say(ScriptedAgent::hello(node_));
  EXPECT_TRUE(agent.hear().has_welcome());
}

TEST_F(AgentsTest, ThereIsALimitOfSessions) {
  restart_server({1, std::chrono::minutes(1)});
  ScriptedAgent first = connect();
  first.say(ScriptedAgent::hello(node_));
  first.hear();
  ScriptedAgent second = connect();
  const grpc::Status end = second.end();
  EXPECT_EQ(grpc::StatusCode::RESOURCE_EXHAUSTED, end.error_code());
  EXPECT_NE(std::string::npos, end.error_message().find("1 agents already"));
}

TEST_F(AgentsTest, ANewSessionEndsTheOldOne) {
  ScriptedAgent first = connect();
  first.say(ScriptedAgent::hello(node_));
  first.hear();
  ScriptedAgent second = connect();
  second.say(ScriptedAgent::hello(node_));
  EXPECT_TRUE(second.hear().has_welcome());
  EXPECT_THAT(first.end().error_message(), HasSubstr("new session"));
}

TEST_F(AgentsTest, AnotherSecretIsRefused) {
  ScriptedAgent first = connect();
  first.say(ScriptedAgent::hello(node_));
  first.hear();
  ScriptedAgent impostor = connect();
  impostor.say(ScriptedAgent::hello(node_, "stolen"));
  EXPECT_THAT(impostor.end().error_message(), HasSubstr("the secret is not that of node"));
  // The real one goes on.
  v1::AgentMessage heartbeat;
  heartbeat.mutable_heartbeat();
  EXPECT_TRUE(first.say(heartbeat));
}

TEST_F(AgentsTest, AGoodbyeMakesTheNodeOfflineAtOnce) {
  ScriptedAgent agent = connect();
  agent.say(ScriptedAgent::hello(node_));
  agent.hear();
  v1::AgentMessage goodbye;
  goodbye.set_goodbye(true);
  agent.say(goodbye);
  agent.hang_up();
  EXPECT_TRUE(agent.end().ok());
  server_->stop();
  engine_->stop();
  ASSERT_EQ(1u, view_.nodes().size());
  EXPECT_FALSE(view_.nodes()[0].node->online);
}

struct BadHello {
  const char* name;
  std::function<void(v1::AgentMessage&)> spoil;
  const char* message;
};

class BadHelloTest : public AgentsTest, public testing::WithParamInterface<BadHello> {};

TEST_P(BadHelloTest, IsRefusedWithAReasonAndRegistersNothing) {
  v1::AgentMessage message = ScriptedAgent::hello(node_);
  GetParam().spoil(message);
  ScriptedAgent agent = connect();
  agent.say(message);
  const grpc::Status end = agent.end();
  EXPECT_EQ(grpc::StatusCode::INVALID_ARGUMENT, end.error_code());
  EXPECT_THAT(end.error_message(), HasSubstr(GetParam().message));
  EXPECT_TRUE(view_.nodes().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Hellos, BadHelloTest,
    testing::Values(
        BadHello{"None", [](auto& m) { m.clear_hello(); }, "must carry a hello"},
        BadHello{"ShortNodeId", [](auto& m) { m.mutable_hello()->set_node_id("x"); }, "node id"},
        BadHello{"NilNodeId",
                 [](auto& m) { m.mutable_hello()->set_node_id(std::string(16, '\0')); }, "node id"},
        BadHello{"NoSecret", [](auto& m) { m.mutable_hello()->clear_node_secret(); }, "secret"},
        BadHello{"NoBootId", [](auto& m) { m.mutable_hello()->clear_boot_id(); }, "boot id"},
        BadHello{"NoAddress", [](auto& m) { m.mutable_hello()->set_advertise_ip("example.org"); },
                 "'example.org'"},
        BadHello{"BadAllocation",
                 [](auto& m) { m.mutable_hello()->add_allocations()->set_instance_id("x"); },
                 "instance id"},
        BadHello{"LaterEpoch", [](auto& m) { m.mutable_hello()->set_highest_epoch(9); },
                 "obeyed epoch 9, this master is of epoch 3"}),
    [](const auto& hello) { return std::string(hello.param.name); });

TEST_F(AgentsTest, ATakenPortIsNamed) {
  const auto second =
      AgentServer::start({"127.0.0.1", server_->port()}, kEpoch, {}, *engine_, registry_, outputs_);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().message, HasSubstr("cannot listen for agents on 127.0.0.1:" +
                                                std::to_string(server_->port())));
}

TEST_F(AgentsTest, TheServerStopsWithAgentsConnected) {
  ScriptedAgent agent = connect();
  agent.say(ScriptedAgent::hello(node_));
  agent.hear();
  server_->stop();
  EXPECT_FALSE(agent.end().ok());
  EXPECT_EQ(0u, registry_.size());
}

}  // namespace
}  // namespace drover::agents
