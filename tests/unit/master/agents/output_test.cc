// Output on its way from the nodes, over real gRPC streams spoken by hand.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <vector>

#include "common/limits.h"
#include "tests/unit/master/agents/agents_fixture.h"

namespace drover::agents {
namespace {

using output::EndCause;
using testing::HasSubstr;

// What a reading has brought.
class Heard final : public output::Listener {
 public:
  void on_chunk(output::Chunk chunk) override {
    const std::lock_guard lock(mutex_);
    chunks_.push_back(std::move(chunk));
    changed_.notify_all();
  }
  void on_end(output::End end) override {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(end_) << "it ends once";
    end_ = std::move(end);
    changed_.notify_all();
  }

  std::string await(std::size_t bytes) {
    wait([&] { return text().size() >= bytes; });
    const std::lock_guard lock(mutex_);
    return text();
  }
  EndCause await_end() {
    wait([this] { return end_.has_value(); });
    const std::lock_guard lock(mutex_);
    return end_ ? end_->cause : EndCause::failed;
  }
  bool has_ended() {
    const std::lock_guard lock(mutex_);
    return end_.has_value();
  }
  output::Chunk last() {
    const std::lock_guard lock(mutex_);
    return chunks_.empty() ? output::Chunk() : chunks_.back();
  }

 private:
  std::string text() const {
    std::string text;
    for (const output::Chunk& chunk : chunks_) text += chunk.data;
    return text;
  }
  void wait(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20), condition)) << "waited in vain";
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<output::Chunk> chunks_;
  std::optional<output::End> end_;
};

// An agent's output stream, spoken by hand.
class ScriptedOutput {
 public:
  ScriptedOutput(std::uint16_t port, const v1::OutputHello& hello)
      : stub_(v1::AgentLink::NewStub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                                         grpc::InsecureChannelCredentials()))) {
    call_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    stream_ = stub_->Output(&call_);
    v1::OutputMessage message;
    *message.mutable_hello() = hello;
    stream_->Write(message);
  }
  ~ScriptedOutput() { call_.TryCancel(); }

  // The next request; fails the test when the stream has ended.
  v1::OutputRequest hear() {
    v1::OutputRequest request;
    EXPECT_TRUE(stream_->Read(&request)) << "the stream has ended";
    return request;
  }
  void say(std::uint64_t reading, const std::string& data) {
    v1::OutputMessage message;
    v1::OutputChunk& chunk = *message.add_chunks();
    chunk.set_reading(reading);
    chunk.set_data(data);
    chunk.set_attempt(2);
    chunk.mutable_next()->set_file(77);
    chunk.mutable_next()->set_offset(data.size());
    stream_->Write(message);
  }
  void say_end(std::uint64_t reading, v1::OutputEndCause cause) {
    v1::OutputMessage message;
    v1::OutputEnd& end = *message.add_ends();
    end.set_reading(reading);
    end.set_cause(cause);
    stream_->Write(message);
  }
  void hang_up() { stream_->WritesDone(); }
  grpc::Status end() {
    v1::OutputRequest request;
    while (stream_->Read(&request)) {
    }
    return stream_->Finish();
  }

 private:
  std::unique_ptr<v1::AgentLink::Stub> stub_;
  grpc::ClientContext call_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::OutputMessage, v1::OutputRequest>> stream_;
};

class OutputTest : public AgentsTest {
 protected:
  // Opens a session and says what its output stream may say.
  v1::OutputHello open_session(ScriptedAgent& agent) {
    agent.say(ScriptedAgent::hello(node_));
    return hello_of(agent.hear().session());
  }
  v1::OutputHello hello_of(std::uint64_t session) const {
    v1::OutputHello hello;
    hello.set_node_id(std::string(node_.raw()));
    hello.set_node_secret("secret");
    hello.set_epoch(kEpoch.value);
    hello.set_session(session);
    return hello;
  }
  std::unique_ptr<output::Reading> read(const std::shared_ptr<Heard>& heard, bool follow = false) {
    output::Request request{node_, {{InstanceId{new_uuid()}, 4, 2}, 3, 1}};
    request.follow = follow;
    request.tail_lines = 9;
    return outputs_.read(request, heard);
  }

  std::shared_ptr<Heard> heard_ = std::make_shared<Heard>();
};

TEST_F(OutputTest, WhatIsAskedReachesTheNodeAndWhatItSaysTheListener) {
  ScriptedAgent agent = connect();
  const v1::OutputHello hello = open_session(agent);
  const auto reading = read(heard_, true);
  ScriptedOutput output(server_->port(), hello);
  const v1::OutputRequest asked = output.hear();
  ASSERT_TRUE(asked.has_read());
  EXPECT_EQ(asked.read().allocation().slot(), 4U);
  EXPECT_EQ(asked.read().task(), 3U);
  EXPECT_EQ(asked.read().tail_lines(), 9U);
  EXPECT_TRUE(asked.read().follow());
  EXPECT_EQ(asked.read().credit_bytes(), limits::kOutputCredit);

  output.say(asked.read().reading(), "text");
  EXPECT_EQ(heard_->await(4), "text");
  EXPECT_EQ(heard_->last().attempt, 2U);
  EXPECT_EQ(heard_->last().next, (output::Position{77, 4}));
  EXPECT_EQ(output.hear().received_bytes(), 4U);

  reading->grant(4);
  EXPECT_EQ(output.hear().credit().bytes(), 4U);
  reading->finish();
  EXPECT_EQ(output.hear().finish(), asked.read().reading());
  output.say_end(asked.read().reading(), v1::OUTPUT_END_COMPLETE);
  EXPECT_EQ(heard_->await_end(), EndCause::complete);
}

TEST_F(OutputTest, WhoIsNotReadAnyMoreIsTold) {
  ScriptedAgent agent = connect();
  const v1::OutputHello hello = open_session(agent);
  auto reading = read(heard_);
  ScriptedOutput output(server_->port(), hello);
  const std::uint64_t number = output.hear().read().reading();
  reading.reset();
  EXPECT_EQ(output.hear().cancel(), number);
  output.say(number, "late");
  EXPECT_EQ(output.hear().received_bytes(), 4U) << "the line is free again all the same";
  EXPECT_EQ(heard_->last().data, "");
}

TEST_F(OutputTest, ANodeThatIsNotThereIsWaitedFor) {
  const auto reading = read(heard_, true);
  reading->finish();
  const auto given_up = std::make_shared<Heard>();
  read(given_up).reset();
  ScriptedAgent agent = connect();
  const v1::OutputHello hello = open_session(agent);
  EXPECT_TRUE(agent.hear().wants_output()) << "as soon as it is there";
  ScriptedOutput output(server_->port(), hello);
  const v1::OutputRequest asked = output.hear();
  EXPECT_TRUE(asked.has_read());
  EXPECT_FALSE(asked.read().follow()) << "it was finished before it began";
  output.say_end(asked.read().reading(), v1::OUTPUT_END_NOTHING);
  EXPECT_EQ(heard_->await_end(), EndCause::nothing);
  EXPECT_FALSE(given_up->has_ended());
}

TEST_F(OutputTest, ABrokenStreamEndsWhatWasReadOverIt) {
  ScriptedAgent agent = connect();
  const v1::OutputHello hello = open_session(agent);
  std::unique_ptr<output::Reading> reading;
  {
    reading = read(heard_, true);
    ScriptedOutput output(server_->port(), hello);
    output.say(output.hear().read().reading(), "part");
    EXPECT_EQ(heard_->await(4), "part");
  }
  EXPECT_EQ(heard_->await_end(), EndCause::node_gone);
  reading->grant(10);
  reading->finish();
  // The next one is another beginning.
  const auto later = std::make_shared<Heard>();
  const auto next = read(later);
  ScriptedOutput again(server_->port(), hello);
  again.say_end(again.hear().read().reading(), v1::OUTPUT_END_COMPLETE);
  EXPECT_EQ(later->await_end(), EndCause::complete);
}

TEST_F(OutputTest, TheEndOfASessionIsTheEndOfItsStream) {
  auto agent = std::make_unique<ScriptedAgent>(server_->port());
  agent->say(ScriptedAgent::hello(node_));
  const v1::OutputHello hello = hello_of(agent->hear().session());
  const auto reading = read(heard_, true);
  ScriptedOutput output(server_->port(), hello);
  output.hear();
  agent.reset();
  EXPECT_THAT(output.end().error_message(), HasSubstr("session has ended"));
  EXPECT_EQ(heard_->await_end(), EndCause::node_gone);
}

TEST_F(OutputTest, StrangersAreRefused) {
  ScriptedAgent agent = connect();
  const v1::OutputHello right = open_session(agent);
  std::vector<v1::OutputHello> wrong(5, right);
  wrong[0].set_node_secret("stolen");
  wrong[1].set_session(right.session() + 1);
  wrong[2].set_epoch(kEpoch.value - 1);
  wrong[3].set_node_id(std::string(NodeId{new_uuid()}.raw()));
  wrong[4].Clear();
  for (const v1::OutputHello& hello : wrong) {
    ScriptedOutput stranger(server_->port(), hello);
    EXPECT_EQ(stranger.end().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  }
  const auto reading = read(heard_);
  ScriptedOutput output(server_->port(), right);
  EXPECT_TRUE(output.hear().has_read());
}

// Its secret was not that of the node, so it was never welcomed.
TEST_F(OutputTest, ASessionThatWasNotWelcomedHasNoStream) {
  ScriptedAgent agent = connect();
  const std::uint64_t session = open_session(agent).session();
  ScriptedAgent impostor = connect();
  impostor.say(ScriptedAgent::hello(node_, "stolen"));
  v1::OutputHello hello = hello_of(session + 1);
  hello.set_node_secret("stolen");
  ScriptedOutput stranger(server_->port(), hello);
  EXPECT_EQ(stranger.end().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(OutputTest, ANodeIsAskedForAStreamOnceAndOnlyWhereSomebodyReads) {
  ScriptedAgent agent = connect();
  const v1::OutputHello hello = open_session(agent);
  {
    ScriptedOutput unasked(server_->port(), hello);
    EXPECT_TRUE(unasked.end().ok()) << "there is nothing to be said in it";
  }
  auto reading = read(heard_);
  const auto other = read(std::make_shared<Heard>());
  EXPECT_TRUE(agent.hear().wants_output());
  ScriptedOutput output(server_->port(), hello);
  EXPECT_TRUE(output.hear().has_read());
  EXPECT_TRUE(output.hear().has_read());
  const auto third = read(std::make_shared<Heard>());
  EXPECT_TRUE(output.hear().has_read());
  // The next thing that the session says is another one.
  deploy();
  const v1::MasterMessage start = agent.hear();
  EXPECT_FALSE(start.wants_output());
  EXPECT_EQ(start.commands_size(), 1);
}

TEST_F(OutputTest, AStreamThatItsNodeClosesIsAskedForAgain) {
  ScriptedAgent agent = connect();
  const v1::OutputHello hello = open_session(agent);
  auto reading = read(heard_);
  EXPECT_TRUE(agent.hear().wants_output());
  ScriptedOutput output(server_->port(), hello);
  output.hear();
  reading.reset();
  output.hang_up();
  EXPECT_TRUE(output.end().ok());
  auto asked = std::async(std::launch::async, [&agent] { return agent.hear().wants_output(); });
  auto later = std::make_shared<Heard>();
  auto next = read(later);
  // Over for its agent, the stream may not be so for the master yet.
  while (asked.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
    if (!later->has_ended()) continue;
    later = std::make_shared<Heard>();
    next = read(later);
  }
  EXPECT_TRUE(asked.get());
}

TEST_F(OutputTest, WhoSendsMoreThanWasAskedForIsCutOff) {
  ScriptedAgent agent = connect();
  const v1::OutputHello hello = open_session(agent);
  const auto reading = read(heard_);
  ScriptedOutput output(server_->port(), hello);
  const std::uint64_t number = output.hear().read().reading();
  output.say(number, std::string(limits::kOutputCredit, 'x'));
  output.say(number, "y");
  EXPECT_THAT(output.end().error_message(), HasSubstr("more of an output"));
  EXPECT_EQ(heard_->await_end(), EndCause::node_gone);
}

TEST_F(OutputTest, NoMoreAreReadFromANodeThanItTakes) {
  std::vector<std::unique_ptr<output::Reading>> readings;
  for (std::size_t count = 0; count < limits::kOutputReadingsPerNode; ++count) {
    readings.push_back(read(heard_));
  }
  const auto refused = std::make_shared<Heard>();
  const auto reading = read(refused);
  EXPECT_EQ(refused->await_end(), EndCause::busy);
  readings.pop_back();
  const auto taken = std::make_shared<Heard>();
  const auto next = read(taken);
  EXPECT_FALSE(taken->has_ended());
}

}  // namespace
}  // namespace drover::agents
