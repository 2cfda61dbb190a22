// The fence: what an agent that is gone, or stands still, cannot end is ended without it.
#include <cerrno>
#include <csignal>
#include <fstream>

#include "common/clock.h"
#include "tests/process/supervisor_fixture.h"
#include "tests/support/process.h"

namespace drover::supervisor {
namespace {

constexpr std::int64_t kHour = 3'600'000;

std::int64_t now_ms() { return steady_now().count(); }

class FenceTest : public SupervisorTest {
 protected:
  // A fenced process that ignores SIGTERM, or one of a family in a session of its own.
  Watched start_fenced(const std::string& key, std::int64_t grace_ms,
                       const std::string& what = "stubborn") {
    const std::string fifo = make_fifo(key + ".fifo");
    fenced_probe(key, grace_ms, what, fifo);
    await_running(key);
    return await_report(fifo);
  }
  // The timeout of the epoll_wait that the supervisor stands in; nothing where that cannot be seen.
  std::optional<std::int32_t> sleeps_for_ms() const {
    std::ifstream file("/proc/" + std::to_string(snapshot().supervisor_pid()) + "/syscall");
    std::string word;
    for (int place = 0; place < 5; ++place) {
      if (!(file >> word)) return std::nullopt;
    }
    return static_cast<std::int32_t>(std::stoull(word, nullptr, 16));
  }
};

TEST_P(FenceTest, WithoutAnAgentEverythingOfTheAttemptIsGoneWithTheGrace) {
  fence(now_ms() + kHour);
  const Watched daemon = start_fenced("a", 300, "family");
  const Watched main(known("a")->pid());
  const std::int64_t fence_ms = now_ms() + 300;
  fence(fence_ms);
  settle();
  detach();
  EXPECT_TRUE(daemon.goes());
  EXPECT_TRUE(main.goes());
  EXPECT_GE(now_ms(), fence_ms + 300) << "the grace was not kept";
  EXPECT_LT(now_ms(), fence_ms + 300 + 5'000);
  attach();
  const Status end = await_end("a");
  EXPECT_EQ(end.signal(), SIGKILL);
  EXPECT_TRUE(end.fenced());
}

TEST_P(FenceTest, EachAttemptHasItsOwnGraceAndTheOthersLive) {
  fence(now_ms() + kHour);
  const Watched quick = start_fenced("quick", 0);
  const Watched slow = start_fenced("slow", kHour);
  spawn("free", {"sleep", "1000"});
  await_running("free");
  const Watched free(known("free")->pid());
  fence(now_ms());
  EXPECT_TRUE(await_end("quick").fenced());
  EXPECT_TRUE(quick.is_gone());
  EXPECT_FALSE(slow.is_gone());
  EXPECT_FALSE(free.is_gone());
}

TEST_P(FenceTest, AFenceThatIsPutOffKeepsAlive) {
  const std::int64_t first = now_ms() + 200;
  fence(first);
  const Watched process = start_fenced("a", 100);
  // Nothing of the first fence is left when it and its grace have passed.
  fence(now_ms() + kHour);
  const Status other = run("other", {"sleep", "0.5"});
  EXPECT_FALSE(other.fenced());
  EXPECT_GT(now_ms(), first + 100);
  EXPECT_FALSE(process.is_gone());
  fence(now_ms());
  EXPECT_TRUE(await_end("a").fenced());
}

TEST_P(FenceTest, PutOffWithinTheGraceItKeepsAliveAsWell) {
  fence(now_ms() + kHour);
  const Watched process = start_fenced("a", kHour);
  fence(now_ms());
  settle();
  fence(now_ms() + kHour);
  settle();
  EXPECT_FALSE(process.is_gone());
}

TEST_P(FenceTest, NothingFencedIsStartedWithoutAFenceAhead) {
  Spawn request = command("a", {"true"});
  request.set_fenced(true);
  spawn(request);
  const Status never = await_end("a");
  EXPECT_EQ(never.spawn_failure().error_number(), ETIME);
  EXPECT_EQ(never.spawn_failure().step(), "fence");
  EXPECT_TRUE(never.fenced());
  EXPECT_EQ(never.pid(), 0);

  fence(now_ms());
  request.set_key("b");
  spawn(request);
  EXPECT_EQ(await_end("b").spawn_failure().error_number(), ETIME);
  fence(now_ms() + kHour);
  spawn(request);
  request.set_key("c");
  spawn(request);
  EXPECT_EQ(await_end("c").exit_code(), 0);
  EXPECT_FALSE(known("c")->fenced());
  EXPECT_EQ(known("b")->spawn_failure().error_number(), ETIME) << "a key is not started again";
}

TEST_P(FenceTest, AnAgentThatIsFrozenChangesNothing) {
  fence(now_ms() + kHour);
  const Watched process = start_fenced("a", 0);
  const Watched main(known("a")->pid());
  main.signal(SIGSTOP);
  fence(now_ms() + 100);
  settle();
  // The connection stays, and nobody reads from it.
  EXPECT_TRUE(process.goes()) << "a stopped process is killed as well";
  EXPECT_TRUE(await_end("a").fenced());
}

TEST_P(FenceTest, ItSleepsUnlessSomethingIsFenced) {
  if (!test::eventually([this] { return sleeps_for_ms().has_value(); }, std::chrono::seconds(2))) {
    GTEST_SKIP() << "NOT TESTED, the kernel does not show system calls";
  }
  const auto sleeps = [this](bool for_ever) {
    return test::eventually([&] { return (sleeps_for_ms() == -1) == for_ever; });
  };
  spawn("free", {"sleep", "1000"});
  fence(now_ms() + kHour);
  settle();
  EXPECT_TRUE(sleeps(true));
  start_fenced("a", 0);
  EXPECT_TRUE(sleeps(false));
  kill("a");
  EXPECT_FALSE(await_end("a").fenced());
  EXPECT_TRUE(sleeps(true));
}

TEST_P(FenceTest, ExtremeNumbersAreNoTrouble) {
  fence(std::numeric_limits<std::int64_t>::max());
  const Watched process = start_fenced("a", std::numeric_limits<std::int64_t>::max());
  const Watched other = start_fenced("b", std::numeric_limits<std::int64_t>::min());
  settle();
  EXPECT_FALSE(process.is_gone());
  fence(std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(await_end("b").fenced());
}

DROVER_WITH_BOTH_CONTAINMENTS(FenceTest);

}  // namespace
}  // namespace drover::supervisor
