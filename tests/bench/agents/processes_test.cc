#include "tests/bench/agents/processes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace drover::bench {
namespace {

using namespace agent::core;
using testing::IsEmpty;
using testing::SizeIs;

AttemptId attempt(std::uint32_t task) { return {AllocationId{}, task, 1}; }

SupervisorRequest spawn(std::uint32_t task) { return SpawnAttempt{attempt(task), nullptr}; }

constexpr std::chrono::milliseconds kTime{500};

TEST(ProcessesTest, AProcessBeginsAtOnceAndEndsWhenItsTimeIsOver) {
  Processes processes(kTime);
  processes.obey(spawn(0), {1'000, 9'000});
  const auto begun = processes.take({1'000, 9'000});
  ASSERT_THAT(begun, SizeIs(1));
  EXPECT_EQ(begun[0].key, attempt(0).text());
  EXPECT_EQ(begun[0].started_unix_ms, 9'000);
  EXPECT_FALSE(begun[0].cause);
  EXPECT_EQ(processes.next_deadline(), 1'500);
  EXPECT_THAT(processes.take({1'499, 9'499}), IsEmpty());

  const auto ended = processes.take({1'500, 9'500});
  ASSERT_THAT(ended, SizeIs(1));
  EXPECT_EQ(ended[0].cause, EndCause(Exited{0}));
  EXPECT_FALSE(ended[0].signalled);
  EXPECT_EQ(processes.next_deadline(), std::nullopt);
}

TEST(ProcessesTest, WithoutATimeItRunsUntilItIsSignalled) {
  Processes processes(std::nullopt);
  processes.obey(spawn(0), {0, 0});
  processes.take({0, 0});
  EXPECT_EQ(processes.next_deadline(), std::nullopt);
  processes.obey(SignalAttempt{attempt(0).text(), SIGTERM}, {10, 10});
  const auto ended = processes.take({10, 10});
  ASSERT_THAT(ended, SizeIs(1));
  EXPECT_EQ(ended[0].cause, EndCause(Signalled{SIGTERM}));
  EXPECT_TRUE(ended[0].signalled);
}

TEST(ProcessesTest, WhatHasEndedEndsOnce) {
  Processes processes(kTime);
  processes.obey(spawn(0), {0, 0});
  processes.obey(KillAttempt{attempt(0).text()}, {1, 1});
  EXPECT_THAT(processes.take({1, 1}), SizeIs(2));
  processes.obey(KillAttempt{attempt(0).text()}, {2, 2});
  EXPECT_THAT(processes.take({1'000, 1'000}), IsEmpty());
}

TEST(ProcessesTest, AnAttemptIsMadeOnceUnlessItIsForgotten) {
  Processes processes(std::nullopt);
  processes.obey(spawn(0), {0, 0});
  processes.take({0, 0});
  processes.obey(spawn(0), {5, 5});
  const auto told = processes.take({5, 5});
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].started_unix_ms, 0);
  processes.obey(ForgetAttempt{attempt(0).text()}, {6, 6});
  processes.obey(spawn(0), {7, 7});
  EXPECT_EQ(processes.take({7, 7}).at(0).started_unix_ms, 7);
}

TEST(ProcessesTest, AHealthCheckPassesAtOnce) {
  Processes processes(std::nullopt);
  processes.obey(SpawnCheck{{attempt(0), 3}, nullptr}, {0, 0});
  const auto told = processes.take({0, 0});
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told[1].cause, EndCause(Exited{0}));
}

}  // namespace
}  // namespace drover::bench
