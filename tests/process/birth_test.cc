// What a task is born with.
#include <sys/resource.h>

#include <sstream>

#include "tests/process/supervisor_fixture.h"

namespace drover::supervisor {
namespace {

class BirthTest : public SupervisorTest {
 protected:
  // The value that the probe printed for `name`.
  std::string state(const std::string& name) {
    if (output("state").empty()) {
      probe("state", "state");
      EXPECT_EQ(await_end("state").exit_code(), 0);
    }
    std::istringstream lines(output("state"));
    for (std::string line; std::getline(lines, line);) {
      if (line == name) return "";
      if (line.starts_with(name + " ")) return line.substr(name.size() + 1);
    }
    return "not printed";
  }
};

TEST_P(BirthTest, NoSignalIsBlockedOrIgnored) {
  EXPECT_EQ(state("blocked"), "");
  EXPECT_EQ(state("ignored"), "");
}

TEST_P(BirthTest, OnlyTheStandardDescriptorsAreOpen) {
  EXPECT_EQ(state("descriptors"), "0 1 2");
  EXPECT_EQ(state("stdin"), "/dev/null");
}

TEST_P(BirthTest, OnlyTheStandardDescriptorsAreOpenWhenManyTasksRun) {
  for (int i = 0; i < 50; ++i) {
    spawn("sleeper" + std::to_string(i), {"sleep", "1000"});
  }
  EXPECT_EQ(state("descriptors"), "0 1 2");
}

TEST_P(BirthTest, TheSurroundingsAreAsPromised) {
  EXPECT_EQ(state("directory"), directory().path());
  EXPECT_EQ(state("umask"), "022");
  EXPECT_EQ(state("leads-session"), "1");
  EXPECT_EQ(state("death-signal"), "9");
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  EXPECT_EQ(state("open-files"), std::to_string(files.rlim_cur));
}

TEST_P(BirthTest, TheEnvironmentIsAsGiven) {
  Spawn request = command("a", {"/usr/bin/env", "-0"});
  request.clear_environment();
  request.add_environment("B=2");
  request.add_environment("A=one=1\ntwo");
  request.add_environment("NAME=\xe6\x95\xb0\xe6\x8d\xae");
  spawn(request);
  EXPECT_EQ(await_end("a").exit_code(), 0);
  const std::string given = std::string("B=2\0A=one=1\ntwo\0NAME=\xe6\x95\xb0\xe6\x8d\xae\0", 28);
  const std::string printed = output("a");
  EXPECT_EQ(printed.substr(0, given.size()), given);
  const std::string added = printed.substr(given.size());
  if (GetParam() == "cgroup") {
    EXPECT_EQ(added, "");
  } else {
    EXPECT_TRUE(added.starts_with("DROVER_SUPERVISED=")) << added;
  }
}

TEST_P(BirthTest, ArgumentsAreAsGiven) {
  Spawn request = command("a", {"sh"});
  request.clear_arguments();
  for (const char* word : {"odd name", "-c", "printf '%s|' \"$0\" \"$@\"", "", "a b", "*"}) {
    request.add_arguments(word);
  }
  spawn(request);
  EXPECT_EQ(await_end("a").exit_code(), 0);
  EXPECT_EQ(output("a"), "|a b|*|");
}

DROVER_WITH_BOTH_CONTAINMENTS(BirthTest);

}  // namespace
}  // namespace drover::supervisor
