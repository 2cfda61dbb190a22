// What a task may ask for itself: limits, umask, input, files of output.
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "common/process_limits.h"
#include "tests/process/supervisor_fixture.h"

namespace drover::supervisor {
namespace {

namespace fs = std::filesystem;

class ConfigTest : public SupervisorTest {
 protected:
  Spawn line(const std::string& key, const std::string& text) const {
    return command(key, {"/bin/sh", "-c", text});
  }
  static void set_limit(Spawn& request, const std::string& resource, std::uint64_t soft,
                        std::uint64_t hard) {
    ProcessLimit* limit = request.add_limits();
    limit->set_resource(resource);
    limit->set_soft(soft);
    limit->set_hard(hard);
  }
};

TEST_P(ConfigTest, LimitsAreTaken) {
  Spawn request = line("a", "ulimit -Sn; ulimit -Hn; ulimit -Sc; ulimit -Hf; ulimit -t");
  set_limit(request, "nofile", 100, 200);
  set_limit(request, "core", 0, 0);
  set_limit(request, "fsize", 1024 * 512, 2048 * 512);
  set_limit(request, "cpu", 77, 77);
  EXPECT_EQ(printed_by(request), "100\n200\n0\n2048\n77\n");
}

TEST_P(ConfigTest, EveryLimitHasItsName) {
  rlimit own{};
  Spawn request = command("a", {"cat", "/proc/self/limits"});
  for (const ProcessLimitKind& kind : process_limits()) {
    ASSERT_EQ(::getrlimit(static_cast<__rlimit_resource_t>(kind.resource), &own), 0);
    set_limit(request, std::string(kind.name), own.rlim_cur, own.rlim_max);
  }
  EXPECT_NE(printed_by(request).find("Max open files"), std::string::npos);
}

TEST_P(ConfigTest, UnlimitedIsALimit) {
  rlimit own{};
  ASSERT_EQ(::getrlimit(RLIMIT_CORE, &own), 0);
  if (own.rlim_max != RLIM_INFINITY) GTEST_SKIP() << "NOT TESTED, core files are limited here";
  Spawn request = line("a", "ulimit -Sc; ulimit -Hc");
  set_limit(request, "core", kUnlimited, kUnlimited);
  EXPECT_EQ(printed_by(request), "unlimited\nunlimited\n");
}

TEST_P(ConfigTest, ALimitThatIsRefusedIsNamed) {
  Spawn request = line("a", "true");
  set_limit(request, "stack", 2, 1);
  spawn(request);
  const Status status = await_end("a");
  EXPECT_EQ(status.spawn_failure().error_number(), EINVAL);
  EXPECT_EQ(status.spawn_failure().step(), "limit stack");
  Spawn unknown = line("b", "true");
  set_limit(unknown, "files", 1, 1);
  spawn(unknown);
  EXPECT_EQ(await_end("b").spawn_failure().step(), "request");
}

TEST_P(ConfigTest, LimitsOfOneAreNoLimitsOfTheNext) {
  Spawn request = line("a", "ulimit -n");
  set_limit(request, "nofile", 50, 50);
  EXPECT_EQ(printed_by(request), "50\n");
  rlimit own{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &own), 0);
  EXPECT_EQ(printed_by(line("b", "ulimit -n")), std::to_string(own.rlim_cur) + "\n");
}

TEST_P(ConfigTest, TheUmaskIsTaken) {
  Spawn request = line("a", "umask; : > made; stat -c %a made");
  request.set_umask(0027);
  EXPECT_EQ(printed_by(request), "0027\n640\n");
  Spawn open = line("b", "umask");
  open.set_umask(0);
  EXPECT_EQ(printed_by(open), "0000\n");
}

TEST_P(ConfigTest, AnInputIsRead) {
  Spawn request = command("a", {"cat"});
  request.set_input("one\ntwo");
  EXPECT_EQ(printed_by(request), "one\ntwo");
  Spawn empty = line("b", "cat; readlink /proc/self/fd/0");
  empty.set_input("");
  EXPECT_EQ(printed_by(empty).substr(0, 18), "/memfd:drover-stdi");
}

TEST_P(ConfigTest, AnInputMayBeLongerThanAPipeHoldsAndStayUnread) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + "\n";
  Spawn request = command("a", {"cat"});
  request.set_input(text);
  EXPECT_EQ(printed_by(request), text);
  Spawn unread = command("b", {"true"});
  unread.set_input(text);
  spawn(unread);
  EXPECT_EQ(await_end("b").exit_code(), 0);
}

TEST_P(ConfigTest, AnInputCannotBeChanged) {
  Spawn request = line("a", "cat; (echo changed >> /dev/stdin) 2>&1; cat < /dev/stdin");
  request.set_input("text\n");
  spawn(request);
  await_end("a");
  EXPECT_EQ(output("a").find("changed"), std::string::npos) << output("a");
}

TEST_P(ConfigTest, AnInputLeavesNothing) {
  run("warm", {"true"});
  const int descriptors = open_descriptors();
  for (int i = 0; i < 20; ++i) {
    Spawn request = command("a" + std::to_string(i), {"cat"});
    request.set_input("text");
    spawn(request);
    await_end("a" + std::to_string(i));
  }
  EXPECT_EQ(open_descriptors(), descriptors);
  Spawn state = command("state", {DROVER_PROBE, "state"});
  state.set_input("text");
  EXPECT_NE(printed_by(state).find("descriptors 0 1 2\n"), std::string::npos) << output("state");
}

TEST_P(ConfigTest, AsManyFilesOfOutputAreKeptAsAreWanted) {
  Spawn request = command("a", {"seq", "-w", "0", "99999"});
  request.set_output_limit_bytes(100'000);
  request.set_output_files(4);
  spawn(request);
  EXPECT_EQ(await_end("a").output_dropped_bytes(), 0U);
  // 600,000 bytes: six files, of which the last four are there, whole and in order.
  std::string expected;
  for (int i = 0; i < 100'000; ++i) expected += std::to_string(100'000 + i).substr(1) + "\n";
  EXPECT_EQ(output("a", ".3") + output("a", ".2") + output("a", ".1") + output("a"),
            expected.substr(200'000));
  EXPECT_FALSE(fs::exists(output_path("a") + ".4"));
}

TEST_P(ConfigTest, TheStartIsToldByTheMonotonicClock) {
  timespec before{};
  ::clock_gettime(CLOCK_MONOTONIC, &before);
  const std::int64_t before_ms = before.tv_sec * 1000 + before.tv_nsec / 1'000'000;
  spawn("a", {"sleep", "1000"});
  const std::int64_t started_ms = await_running("a").started_steady_ms();
  EXPECT_GE(started_ms, before_ms);
  EXPECT_LE(started_ms, before_ms + 30'000);
  attach();
  EXPECT_EQ(known("a")->started_steady_ms(), started_ms);
}

DROVER_WITH_BOTH_CONTAINMENTS(ConfigTest);

}  // namespace
}  // namespace drover::supervisor
