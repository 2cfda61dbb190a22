// drover run: a program that ends as its task does, wherever that runs.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/integration/cli/cli_fixture.h"

namespace drover::test {
namespace {

class Run : public CliTest {
 protected:
  void SetUp() override { start(); }

  std::string of(const std::string& command, const std::string& more = "") {
    return files_.write("t.json", R"({"name":"t","task_groups":[{"tasks":[{"name":"t","config":{)" +
                                      more + R"("command":")" + command + R"("}}]}]})");
  }
};

TEST_F(Run, EndsWithTheCodeOfItsTask) {
  EXPECT_EQ(drover({"run", "-f", of("true")}).code, 0);
  EXPECT_TRUE(complains(drover({"run", "-f", of("exit 42")}), 42, "exited with 42"));
  EXPECT_EQ(drover({"run", "-f", of("exit 3", R"("success_exit_codes":[3],)")}).code, 3);
}

TEST_F(Run, EndsAsASignalEndsItsTask) {
  EXPECT_TRUE(complains(drover({"run", "-f", of("kill -KILL $$")}), 137, "signal 9"));
}

TEST_F(Run, ATaskThatCannotBeginHasACodeOfItsOwn) {
  const Ended ended = drover({"run", "-f", of("/no/such/program", R"("args":[],)")});
  EXPECT_TRUE(complains(ended, 122, "could not be started"));
}

TEST_F(Run, GivesUpAfterItsTime) {
  EXPECT_TRUE(complains(drover({"run", "-f", of("sleep 600"), "--timeout", "1s"}), 124, "goes on"));
}

TEST_F(Run, ASignalStopsTheInstance) {
  of("trap 'exit 7' TERM; touch " + files_ / "begun; while :; do sleep 0.05; done");
  Process run({std::string(DROVER_BIN_DIR) + "/drover", "run", "-f", files_ / "t.json"},
              environment());
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(files_ / "begun"); }));
  run.signal(SIGINT);
  EXPECT_EQ(run.wait(), 7) << run.output();
  EXPECT_THAT(run.output(), testing::HasSubstr("stopping the instance"));
}

TEST_F(Run, ASecondSignalEndsTheWait) {
  of("trap '' TERM; touch " + files_ / "begun; while :; do sleep 0.05; done");
  Process run({std::string(DROVER_BIN_DIR) + "/drover", "run", "-f", files_ / "t.json"},
              environment());
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(files_ / "begun"); }));
  run.signal(SIGINT);
  ASSERT_TRUE(run.await_line("stopping the instance"));
  run.signal(SIGINT);
  EXPECT_EQ(run.wait(), 130) << run.output();
}

TEST_F(Run, AMasterThatStartsAgainIsWaitedFor) {
  of("touch " + files_ / "begun; while [ ! -e " + files_ / "go ]; do sleep 0.05; done; exit 6");
  Process run({std::string(DROVER_BIN_DIR) + "/drover", "run", "-f", files_ / "t.json"},
              environment());
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(files_ / "begun"); }));
  cluster_.master().kill();
  files_.write("go", "");
  cluster_.start_master();
  EXPECT_EQ(run.wait(), 6) << run.output();
}

}  // namespace
}  // namespace drover::test
