// drover run: a program that ends as its task does, wherever that runs.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <csignal>
#include <sstream>

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

TEST_F(Run, PrintsWhatItsTaskPrints) {
  const Ended ended = drover({"run", "-f", of("echo 一; echo oops >&2; printf two; exit 2")});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "一\ntwo\n");
  EXPECT_TRUE(ended.err.starts_with("oops\ndrover: failed: ")) << ended.err;
  const Ended many = drover({"run", "-f", of("seq 100000; seq 100000 >&2")});
  EXPECT_EQ(many.code, 0);
  std::string expected;
  for (int number = 1; number <= 100000; ++number) expected += std::to_string(number) + "\n";
  EXPECT_TRUE(many.out == expected);
  EXPECT_TRUE(many.err == expected);
}

TEST_F(Run, SaysWhatIsNoText) {
  const Ended ended = drover({"run", "-f", of("printf '\\\\377\\\\n'")});
  EXPECT_EQ(ended.out, "\xef\xbf\xbd\n");
  EXPECT_TRUE(complains(ended, 0, "is no UTF-8"));
}

TEST_F(Run, OfSeveralTasksEachLineSaysWhose) {
  files_.write("two.json", R"({"name":"two","task_groups":[{"tasks":[)"
                           R"({"name":"a","config":{"command":"echo one"}},)"
                           R"({"name":"乙","config":{"command":"echo two >&2; exit 4"}}]}]})");
  const Ended ended = drover({"run", "-f", files_ / "two.json"});
  EXPECT_EQ(ended.code, 4);
  EXPECT_EQ(ended.out, "0[0].a#1: one\n");
  EXPECT_THAT(ended.err, testing::StartsWith("0[0].乙#1 stderr: two\ndrover: failed: "));
}

TEST_F(Run, PrintsOfEachAttempt) {
  files_.write("again.json",
               R"({"name":"again","task_groups":[{"tasks":[{"name":"t","config":{"command":)"
               R"("echo $DROVER_ATTEMPT; [ $DROVER_ATTEMPT = 3 ]"},)"
               R"("restart":{"policy":"on_failure","delay":"1s","attempts":5}}]}]})");
  const Ended ended = drover({"run", "-f", files_ / "again.json"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "1\n2\n3\n");
}

TEST_F(Run, InJsonEachLineIsAText) {
  const Ended ended = drover({"run", "-f", of("echo one"), "--json"});
  std::istringstream lines(ended.out);
  std::string line;
  std::vector<boost::json::object> texts;
  while (std::getline(lines, line)) texts.push_back(boost::json::parse(line).as_object());
  ASSERT_EQ(texts.size(), 3U) << ended.out;
  EXPECT_EQ(texts.front().at("text"), "one");
  EXPECT_TRUE(texts.at(1).contains("ended"));
  EXPECT_EQ(texts.back().at("state"), "completed");
}

TEST_F(Run, WithoutAReaderItsInstanceIsStopped) {
  of("while :; do echo y; sleep 0.05; done");
  Process run({"/bin/sh", "-c",
               std::string(DROVER_BIN_DIR) + "/drover run -f '" + files_ / "t.json' | head -1"},
              environment());
  EXPECT_EQ(run.wait(), 0);
  EXPECT_THAT(run.output(), testing::HasSubstr("y\n"));
  EXPECT_TRUE(eventually([&] {
    return output_of({"ps", "-a"}).find("stopped") != std::string::npos;
  })) << output_of({"ps", "-a"});
}

TEST_F(Run, WhereItsOutputCannotGoTheInstanceGoesOn) {
  of("while :; do echo y; sleep 0.05; done");
  Process run({"/bin/sh", "-c",
               std::string(DROVER_BIN_DIR) + "/drover run -f '" + files_ / "t.json' > /dev/full"},
              environment());
  EXPECT_EQ(run.wait(), 125);
  EXPECT_THAT(run.output(), testing::HasSubstr("takes nothing more; the instance goes on"));
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
  of("trap 'echo last words; exit 7' TERM; echo first; while :; do sleep 0.05; done");
  Process run({std::string(DROVER_BIN_DIR) + "/drover", "run", "-f", files_ / "t.json"},
              environment());
  ASSERT_TRUE(run.await_line("first"));
  run.signal(SIGINT);
  EXPECT_EQ(run.wait(), 7) << run.output();
  EXPECT_THAT(run.output(), testing::HasSubstr("stopping the instance"));
  EXPECT_THAT(run.output(), testing::StartsWith("first\n"));
  EXPECT_THAT(run.output(), testing::HasSubstr("last words\n"));
  EXPECT_EQ(run.output().find("first", 1), std::string::npos) << "nothing is printed twice";
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

TEST_F(Run, ASignalWhileTheMasterIsAwayStopsTheInstanceLater) {
  of("echo first; while :; do sleep 0.05; done");
  Process run({std::string(DROVER_BIN_DIR) + "/drover", "run", "-f", files_ / "t.json"},
              environment());
  ASSERT_TRUE(run.await_line("first"));
  cluster_.master().kill();
  run.signal(SIGINT);
  ASSERT_TRUE(run.await_line("stopping the instance"));
  cluster_.start_master();
  EXPECT_EQ(run.wait(), 143) << run.output();
}

TEST_F(Run, AMasterThatStartsAgainIsWaitedFor) {
  of("echo one; touch " + files_ / "begun; while [ ! -e " + files_ / "go ]; do sleep 0.05; done; " +
     "echo two; exit 6");
  Process run({std::string(DROVER_BIN_DIR) + "/drover", "run", "-f", files_ / "t.json"},
              environment());
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(files_ / "begun"); }));
  cluster_.master().kill();
  files_.write("go", "");
  cluster_.start_master();
  EXPECT_EQ(run.wait(), 6) << run.output();
  EXPECT_THAT(run.output(), testing::HasSubstr("two\n"));
  EXPECT_EQ(run.output().find("one\n"), run.output().rfind("one\n")) << run.output();
}

}  // namespace
}  // namespace drover::test
