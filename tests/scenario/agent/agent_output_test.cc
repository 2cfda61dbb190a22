// Output of real tasks, asked for by a master that the test plays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "common/limits.h"
#include "tests/scenario/agent/agent_fixture.h"
#include "tests/support/process.h"

namespace drover::agent {
namespace {

using fake::allocation_ref;
using fake::group_of;
using OutputHeard = fake::FakeMaster::OutputHeard;

std::string text_of(const OutputHeard& heard, std::uint64_t reading) {
  std::string text;
  for (const v1::OutputMessage& message : heard) {
    for (const v1::OutputChunk& chunk : message.chunks()) {
      if (chunk.reading() == reading) text += chunk.data();
    }
  }
  return text;
}

std::optional<v1::OutputEndCause> end_of(const OutputHeard& heard, std::uint64_t reading) {
  for (const v1::OutputMessage& message : heard) {
    for (const v1::OutputEnd& end : message.ends()) {
      if (end.reading() == reading) return end.cause();
    }
  }
  return std::nullopt;
}

bool has_answer(const OutputHeard& heard, std::uint64_t reading) {
  return std::any_of(heard.begin(), heard.end(), [reading](const v1::OutputMessage& message) {
    return message.chunks_size() > 0 && message.chunks(0).reading() == reading;
  });
}

class AgentOutputTest : public AgentProgramTest {
 protected:
  v1::OutputHello hello_of_output() {
    master_->want_output();
    return master_->wait_for_output([](const OutputHeard& heard) { return !heard.empty(); })
        .front()
        .hello();
  }
  static v1::OutputRequest read(std::uint64_t reading, std::uint8_t number, bool follow) {
    v1::OutputRequest request;
    v1::ReadOutput& asked = *request.mutable_read();
    asked.set_reading(reading);
    *asked.mutable_allocation() = allocation_ref(number);
    asked.set_attempt(1);
    asked.set_follow(follow);
    asked.set_credit_bytes(limits::kOutputCredit);
    return request;
  }
  void finish(std::uint64_t reading) {
    v1::OutputRequest request;
    request.set_finish(reading);
    master_->ask(request);
  }
  std::string wait_for_text(std::uint64_t reading, std::size_t bytes) {
    const auto enough = [&](const OutputHeard& heard) {
      return text_of(heard, reading).size() >= bytes;
    };
    return text_of(master_->wait_for_output(enough), reading);
  }
  // Of the readings up to this number.
  void wait_for_bytes_of_all(std::uint64_t last, std::size_t bytes) {
    master_->wait_for_output([last, bytes](const OutputHeard& heard) {
      std::size_t sum = 0;
      for (std::uint64_t reading = 1; reading <= last; ++reading) {
        sum += text_of(heard, reading).size();
      }
      return sum == bytes;
    });
  }
  v1::OutputEndCause wait_for_end_of_reading(std::uint64_t reading) {
    const auto ended = [&](const OutputHeard& heard) { return end_of(heard, reading).has_value(); };
    return end_of(master_->wait_for_output(ended), reading).value_or(v1::OUTPUT_END_FAILED);
  }
};

TEST_F(AgentOutputTest, TheCallIsMadeWhenItIsWantedAndProvesTheNode) {
  start_agent();
  const v1::OutputHello said = hello_of_output();
  EXPECT_EQ(said.node_id(), hello(1).node_id());
  EXPECT_EQ(said.node_secret(), hello(1).node_secret());
  EXPECT_EQ(said.epoch(), 1U);
  EXPECT_EQ(said.session(), 1U);
}

TEST_F(AgentOutputTest, ACallThatFailsIsMadeAgain) {
  use_master({.refused_outputs = 1});
  start_agent();
  EXPECT_EQ(hello_of_output().session(), 1U);
}

TEST_F(AgentOutputTest, WhatATaskPrintsIsFollowedToItsEnd) {
  start_agent();
  hello_of_output();
  master_->start(group_of(1, {"echo first; read x < " + pipe_path("go") + "; echo last"}));
  wait_until_running(1);
  master_->ask(read(1, 1, true));
  EXPECT_EQ(wait_for_text(1, 6), "first\n");
  let_go("go");
  EXPECT_EQ(wait_for_end(1).exit_code(), 0);
  finish(1);
  EXPECT_EQ(wait_for_end_of_reading(1), v1::OUTPUT_END_COMPLETE);
  EXPECT_EQ(wait_for_text(1, 0), "first\nlast\n");
  master_->remove(allocation_ref(1));
  master_->ask(read(2, 1, false));
  EXPECT_EQ(wait_for_end_of_reading(2), v1::OUTPUT_END_COMPLETE) << "it is kept on the node";
  EXPECT_EQ(wait_for_text(2, 0), "first\nlast\n");
}

TEST_F(AgentOutputTest, WhatIsNotThereIsSaid) {
  start_agent();
  hello_of_output();
  master_->ask(read(1, 9, false));
  EXPECT_EQ(wait_for_end_of_reading(1), v1::OUTPUT_END_NOTHING);
}

TEST_F(AgentOutputTest, AReaderWhoDoesNotReadDelaysNoHeartbeatAndNoOtherReader) {
  use_master({.heartbeat_interval_ms = 50});
  start_agent();
  hello_of_output();
  master_->start(group_of(1, {"yes | head -c 5000000"}));
  master_->start(group_of(2, {"echo quick"}));
  EXPECT_EQ(wait_for_end(1).exit_code(), 0);
  EXPECT_EQ(wait_for_end(2).exit_code(), 0);
  // Nothing of these is ever said to have been received, until the line is full.
  for (std::uint64_t reading = 1; reading <= 20; ++reading) master_->ask(read(reading, 1, false));
  wait_for_bytes_of_all(20, limits::kOutputBytesInFlight);
  const std::size_t so_far = master_->wait_until([](const auto&) { return true; }).size();
  master_->wait_until(
      [so_far](const fake::FakeMaster::Heard& heard) { return heard.size() >= so_far + 20; });
  // Then each has what it has credit for, and another one is not in anybody's way.
  static_assert(20 * limits::kOutputCredit == 5 * limits::kOutputBytesInFlight);
  v1::OutputRequest received;
  received.set_received_bytes(limits::kOutputBytesInFlight);
  for (std::size_t filled = 2; filled <= 5; ++filled) {
    master_->ask(received);
    wait_for_bytes_of_all(20, filled * limits::kOutputBytesInFlight);
  }
  master_->ask(received);
  master_->ask(read(30, 2, false));
  EXPECT_EQ(wait_for_end_of_reading(30), v1::OUTPUT_END_COMPLETE);
  EXPECT_EQ(wait_for_text(30, 0), "quick\n");
}

TEST_F(AgentOutputTest, AnAgentThatIsThereAgainServesTheSameOutput) {
  start_agent();
  hello_of_output();
  master_->start(group_of(1, {"echo text; read x < " + pipe_path("go")}));
  wait_until_running(1);
  master_->ask(read(1, 1, true));
  wait_for_text(1, 5);
  agent_.kill_9();
  master_->wait_for_no_session();
  start_agent();
  master_->want_output();
  master_->wait_for_output([](const OutputHeard& heard) {
    return std::count_if(heard.begin(), heard.end(),
                         [](const v1::OutputMessage& message) { return message.has_hello(); }) == 2;
  });
  master_->ask(read(2, 1, true));
  EXPECT_EQ(wait_for_text(2, 5), "text\n");
  EXPECT_TRUE(has_answer(master_->wait_for_output([](const auto&) { return true; }), 2));
  let_go("go");
  wait_for_end(1);
  finish(2);
  EXPECT_EQ(wait_for_end_of_reading(2), v1::OUTPUT_END_COMPLETE);
}

}  // namespace
}  // namespace drover::agent
