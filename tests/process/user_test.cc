// Tasks of another user than the supervisor's.
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/process/supervisor_fixture.h"

namespace drover::supervisor {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUser = "nobody";

class UserTest : public SupervisorTest {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "NOT TESTED, only root can run tasks as another user";
    const passwd* entry = ::getpwnam(kUser);
    if (entry == nullptr) GTEST_SKIP() << "NOT TESTED, there is no user " << kUser;
    uid_ = entry->pw_uid;
    gid_ = entry->pw_gid;
    home_ = entry->pw_dir;
    SupervisorTest::SetUp();
  }

  Spawn line_as(const std::string& key, const std::string& user, const std::string& line) const {
    Spawn request = command(key, {"/bin/sh", "-c", line});
    request.set_user(user);
    request.set_working_dir("/");
    return request;
  }
  void expect_failure(const Spawn& request, int error_number, const std::string& step) {
    spawn(request);
    const Status status = await_end(request.key());
    EXPECT_EQ(status.spawn_failure().error_number(), error_number);
    EXPECT_EQ(status.spawn_failure().step(), step);
  }

  uid_t uid_ = 0;
  gid_t gid_ = 0;
  std::string home_;
};

TEST_P(UserTest, ATaskIsWhollyItsUser) {
  const std::string uid = std::to_string(uid_);
  const std::string gid = std::to_string(gid_);
  const std::string status = printed_by(line_as("a", kUser, "exec cat /proc/self/status"));
  const auto says = [&](const std::string& line) {
    return status.find("\n" + line + "\n") != std::string::npos;
  };
  EXPECT_TRUE(says("Uid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid)) << status;
  EXPECT_TRUE(says("Gid:\t" + gid + "\t" + gid + "\t" + gid + "\t" + gid)) << status;
  // Its own groups, and none of the supervisor's.
  EXPECT_TRUE(says("Groups:\t" + gid + " ")) << status;
  EXPECT_TRUE(says("CapEff:\t0000000000000000")) << status;
  EXPECT_TRUE(says("CapPrm:\t0000000000000000")) << status;
  EXPECT_TRUE(says("SigBlk:\t0000000000000000")) << status;
}

TEST_P(UserTest, ANumberWillDo) {
  EXPECT_EQ(printed_by(line_as("a", std::to_string(uid_), "id -u")), std::to_string(uid_) + "\n");
}

TEST_P(UserTest, HomeAndNameAreTheUsersUnlessTheyAreGiven) {
  EXPECT_EQ(printed_by(line_as("a", kUser, "echo $USER $HOME")), "nobody " + home_ + "\n");
  Spawn given = line_as("b", kUser, "echo $USER $HOME");
  given.add_environment("HOME=/elsewhere");
  EXPECT_EQ(printed_by(given), "nobody /elsewhere\n");
}

TEST_P(UserTest, WhoIsUnknownIsNobodyElse) {
  expect_failure(line_as("name", "no-such-user", "id"), ENOENT, "unknown_user");
  expect_failure(line_as("number", "4000000000", "id"), ENOENT, "unknown_user");
  expect_failure(line_as("all", "4294967295", "id"), ENOENT, "unknown_user");
  expect_failure(line_as("more", "99999999999", "id"), ENOENT, "unknown_user");
  expect_failure(line_as("sign", "-1", "id"), ENOENT, "unknown_user");
  expect_failure(line_as("cut", std::string("root\0x", 6), "id"), EINVAL, "request");
}

TEST_P(UserTest, WhatFailsBeforeTheProgramIsNamed) {
  Spawn missing = command("missing", {"/no/such/program"});
  missing.set_user(kUser);
  missing.set_working_dir("/");
  expect_failure(missing, ENOENT, "exec");
  // The directory of the test is the supervisor's user's alone.
  Spawn closed = line_as("closed", kUser, "true");
  closed.set_working_dir(directory().path());
  expect_failure(closed, EACCES, "chdir");
}

TEST_P(UserTest, ADirectoryOfDroversOwnIsMadeOver) {
  fs::create_directory(directory() / "work");
  fs::permissions(directory() / "work", fs::perms::owner_all);
  Spawn request = line_as("a", kUser, "echo mine > file && pwd && cat file");
  request.set_working_dir(directory() / "work");
  request.set_own_working_dir(true);
  EXPECT_EQ(printed_by(request), (directory() / "work") + "\nmine\n");
  struct stat info {};
  ASSERT_EQ(::stat((directory() / "work").c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, uid_);
  EXPECT_EQ(info.st_mode & 07777, 0700U);
  // A second user shares it as a directory of temporary files is shared.
  Spawn other = line_as("b", "daemon", "echo too > other && cat other");
  other.set_working_dir(directory() / "work");
  other.set_own_working_dir(true);
  EXPECT_EQ(printed_by(other), "too\n");
  ASSERT_EQ(::stat((directory() / "work").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 01777U);
}

TEST_P(UserTest, ALinkIsNotMadeOver) {
  fs::create_directory(directory() / "precious");
  fs::create_symlink(directory() / "precious", directory() / "link");
  Spawn request = line_as("a", kUser, "true");
  request.set_working_dir(directory() / "link");
  request.set_own_working_dir(true);
  expect_failure(request, ENOTDIR, "chdir");
  struct stat info {};
  ASSERT_EQ(::stat((directory() / "precious").c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, 0U);
}

TEST_P(UserTest, ItDiesWithTheSupervisor) {
  Spawn request = line_as("a", kUser, "exec sleep 1000");
  spawn(request);
  await_running("a");
  const Watched process(known("a")->pid());
  crash_supervisor();
  EXPECT_TRUE(process.goes());
}

TEST_P(UserTest, ItIsSignalledAndKilledLikeAnyOther) {
  spawn(line_as("a", kUser, "exec sleep 1000"));
  spawn(line_as("b", kUser, "trap '' TERM; sleep 1000 & wait; wait"));
  await_running("a");
  await_running("b");
  signal("a", SIGTERM);
  EXPECT_EQ(await_end("a").signal(), SIGTERM);
  kill("b");
  EXPECT_EQ(await_end("b").signal(), SIGKILL);
  await_no_children();
}

TEST_P(UserTest, ManyLeaveNothing) {
  run("warm", {"true"});
  const int descriptors = open_descriptors();
  for (int i = 0; i < 100; ++i) spawn(line_as("a" + std::to_string(i), kUser, "exit 0"));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(await_end("a" + std::to_string(i)).exit_code(), 0);
    forget("a" + std::to_string(i));
  }
  settle();
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_EQ(child_count(), 0);
}

// As another process of the same user could: from the change of user on, and here from the birth.
TEST_P(UserTest, AProcessThatIsStoppedBeforeItsProgramHoldsUpNobodyForLong) {
  const std::string self = std::to_string(snapshot().supervisor_pid());
  const std::string children = "/proc/" + self + "/task/" + self + "/children";
  bool was_hit = false;
  for (int i = 0; i < 20 && !was_hit; ++i) {
    const std::string key = "a" + std::to_string(i);
    std::jthread enemy([&children](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        pid_t pid = 0;
        if (std::ifstream(children) >> pid) ::kill(pid, SIGSTOP);
      }
    });
    spawn(line_as(key, kUser, "exit 0"));
    await_running(key);
    kill(key);
    enemy.request_stop();
    enemy.join();
    was_hit = await_end(key).spawn_failure().error_number() == ETIMEDOUT;
  }
  EXPECT_TRUE(was_hit) << "nothing was tested";
  EXPECT_EQ(run("other", {"true"}).exit_code(), 0);
  await_no_children();
}

DROVER_WITH_BOTH_CONTAINMENTS(UserTest);

}  // namespace
}  // namespace drover::supervisor
