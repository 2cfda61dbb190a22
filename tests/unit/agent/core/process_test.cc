#include "agent/core/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace drover::agent::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;

TEST(CommandLine, WithArgumentsTheProgramItselfIsRun) {
  const CommandLine line = command_line("tool; rm", {{"$HOME", "a b"}});
  EXPECT_EQ(line.program, "tool; rm");
  EXPECT_THAT(line.arguments, ElementsAre("tool; rm", "$HOME", "a b"));
}

TEST(CommandLine, WithAnEmptyListOfArgumentsToo) {
  EXPECT_THAT(command_line("exit", std::vector<std::string>()).arguments, ElementsAre("exit"));
}

TEST(CommandLine, PlainWordsNeedNoShell) {
  const CommandLine line = command_line("  /opt/apps/clean.sh\t--in=a,b  x@y:1 ", std::nullopt);
  EXPECT_EQ(line.program, "/opt/apps/clean.sh");
  EXPECT_THAT(line.arguments, ElementsAre("/opt/apps/clean.sh", "--in=a,b", "x@y:1"));
}

class ShellLine : public testing::TestWithParam<const char*> {};

TEST_P(ShellLine, GoesToTheShellAsItIs) {
  const CommandLine line = command_line(GetParam(), std::nullopt);
  EXPECT_EQ(line.program, "/bin/sh");
  EXPECT_THAT(line.arguments, ElementsAre("/bin/sh", "-c", GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Lines, ShellLine,
                         testing::Values("", "   ", "exit 3", "true", "sleep 1", "A=/b /bin/true",
                                         "/bin/echo $HOME", "/bin/echo 'a b'", "/bin/a | /bin/b",
                                         "/bin/a;/bin/b", "/bin/a &", "/bin/echo *", "/bin/echo ~",
                                         "/bin/a\n/bin/b", "/bin/echo {a,b}", "/bin/a # note",
                                         "/bin/a > /tmp/b", "/bin/echo \xe4\xbd\xa0"));

TEST(Environment, HoldsWhatIsPromisedAndNothingElse) {
  AllocationSpec spec;
  spec.id = {*InstanceId::parse("018f0000-0000-7000-8000-000000000001"), 2, 3};
  spec.template_name = "清洗";
  spec.group = "工人";
  spec.index = 7;
  spec.tasks.resize(2);
  spec.tasks[1].name = "analyse";
  const Account account{"worker", "/home/worker",
                        *NodeId::parse("018f0000-0000-7000-8000-0000000000ff")};
  EXPECT_THAT(
      environment(spec, {spec.id, 1, 4}, account),
      testing::UnorderedElementsAre(
          "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/home/worker",
          "USER=worker", "LANG=C.UTF-8", "DROVER_INSTANCE_ID=018f0000-0000-7000-8000-000000000001",
          "DROVER_ALLOCATION_ID=018f0000-0000-7000-8000-000000000001.2.3", "DROVER_TEMPLATE=清洗",
          "DROVER_GROUP=工人", "DROVER_INDEX=7", "DROVER_TASK=analyse", "DROVER_ATTEMPT=4",
          "DROVER_NODE_ID=018f0000-0000-7000-8000-0000000000ff"));
}

TEST(Environment, HomeAndNameOfAnotherUserAreLeftToWhomLooksItUp) {
  AllocationSpec spec;
  spec.tasks.resize(2);
  spec.tasks[0].user = "nobody";
  spec.tasks[1].user = "nobody";
  spec.tasks[1].env = {{"HOME", "/mine"}};
  const Account account{"root", "/root", NodeId()};
  const auto has = [](const std::vector<std::string>& entries, const std::string& beginning) {
    return std::any_of(entries.begin(), entries.end(),
                       [&](const std::string& entry) { return entry.starts_with(beginning); });
  };
  EXPECT_FALSE(has(environment(spec, {spec.id, 0, 1}, account), "HOME="));
  EXPECT_FALSE(has(environment(spec, {spec.id, 0, 1}, account), "USER="));
  EXPECT_TRUE(has(environment(spec, {spec.id, 1, 1}, account), "HOME=/mine"));
}

TEST(Environment, ATaskMayChangeItsOwnVariablesAndNotOurs) {
  AllocationSpec spec;
  spec.tasks.resize(1);
  spec.tasks[0].name = "real";
  spec.tasks[0].env = {{"PATH", "/mine"}, {"EXTRA", "a=b"}, {"DROVER_TASK", "forged"}};
  const auto entries = environment(spec, {spec.id, 0, 1}, Account{});
  EXPECT_THAT(entries, IsSupersetOf({"PATH=/mine", "EXTRA=a=b", "DROVER_TASK=real"}));
  EXPECT_THAT(entries, testing::SizeIs(13));
}

}  // namespace
}  // namespace drover::agent::core
