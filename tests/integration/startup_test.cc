// What the programs say when they cannot start: one clear line, and an exit status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/support/cluster.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace drover::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kBin = DROVER_BIN_DIR;

struct Ended {
  int status;
  std::string output;
  std::ptrdiff_t lines() const { return std::count(output.begin(), output.end(), '\n'); }
};

class Startup : public testing::Test {
 protected:
  // Runs a program that is to end by itself.
  Ended run(const std::string& program, std::vector<std::string> flags,
            const std::map<std::string, std::string>& environment = {}) {
    flags.insert(flags.begin(), kBin + "/" + program);
    Process process(flags, environment);
    const int status = process.wait();
    return {status, process.output()};
  }
  std::vector<std::string> master_flags(const std::string& data_dir) {
    return {"--data-dir",  data_dir,         "--http-listen",
            "127.0.0.1:0", "--agent-listen", "127.0.0.1:0"};
  }

  TempDir directory_;
};

TEST_F(Startup, AWrongFlagIsOneLineAndStatusTwo) {
  for (const char* program : {"drover-master", "drover-agent", "drover-supervisor"}) {
    const Ended ended = run(program, {"--no-such-flag"});
    EXPECT_EQ(2, ended.status) << program;
    EXPECT_EQ(1, ended.lines()) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("--no-such-flag"));
    EXPECT_THAT(ended.output, HasSubstr("--help"));
  }
}

TEST_F(Startup, HelpAndVersionGoToTheirReader) {
  for (const char* program : {"drover-master", "drover-agent", "drover-supervisor"}) {
    const Ended help = run(program, {"--help"});
    EXPECT_EQ(0, help.status) << program;
    EXPECT_THAT(help.output, HasSubstr("--config"));
    const Ended version = run(program, {"--version"});
    EXPECT_EQ(0, version.status) << program;
    EXPECT_THAT(version.output, HasSubstr(program));
  }
}

TEST_F(Startup, ATakenPortIsNamed) {
  Cluster cluster;
  cluster.start_master();
  auto flags = master_flags(directory_ / "other");
  flags[3] = "127.0.0.1:" + std::to_string(cluster.http_port());
  const Ended http = run("drover-master", flags);
  EXPECT_EQ(1, http.status);
  EXPECT_THAT(http.output, HasSubstr("cannot listen on " + flags[3]));
  EXPECT_THAT(http.output, HasSubstr("--http-listen"));

  flags = master_flags(directory_ / "another");
  flags[5] = "127.0.0.1:" + std::to_string(cluster.agent_port());
  const Ended agents = run("drover-master", flags);
  EXPECT_EQ(1, agents.status);
  EXPECT_THAT(agents.output, HasSubstr("cannot listen for agents on " + flags[5]));
  EXPECT_THAT(agents.output, HasSubstr("--agent-listen"));
}

TEST_F(Startup, ASecondMasterOnTheSameDirectoryIsTurnedAway) {
  Cluster cluster;
  cluster.start_master();
  const Ended ended = run("drover-master", master_flags(cluster.directory() + "/master"));
  EXPECT_EQ(1, ended.status);
  EXPECT_EQ(1, ended.lines()) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("another drover-master uses this directory"));
  // The first one is not disturbed.
  EXPECT_EQ(200, cluster.get("/readyz").status);
}

TEST_F(Startup, ASecondAgentOnTheSameDirectoryIsTurnedAway) {
  Cluster cluster;
  cluster.start_master();
  cluster.start_agent(0);
  const Ended ended = run("drover-agent", {"--state-dir", cluster.state_dir(0)});
  EXPECT_EQ(1, ended.status);
  EXPECT_THAT(ended.output, HasSubstr("another drover-agent uses this directory"));
}

TEST_F(Startup, ADirectoryThatCannotBeUsedIsNamed) {
  const std::string file = directory_.write("file", "");
  const Ended master = run("drover-master", master_flags(file + "/data"));
  EXPECT_EQ(1, master.status);
  EXPECT_EQ(1, master.lines()) << master.output;
  EXPECT_THAT(master.output, HasSubstr(file));
  EXPECT_THAT(master.output, HasSubstr("Not a directory"));
  const Ended agent = run("drover-agent", {"--state-dir", file + "/state"});
  EXPECT_EQ(1, agent.status);
  EXPECT_THAT(agent.output, HasSubstr("Not a directory"));
}

TEST_F(Startup, AnotherAddressThanLoopbackNeedsTheFlag) {
  const Ended ended =
      run("drover-master", {"--data-dir", directory_ / "d", "--http-listen", "0.0.0.0:0"});
  EXPECT_EQ(2, ended.status);
  EXPECT_THAT(ended.output, HasSubstr("--insecure"));
}

TEST_F(Startup, AFlagCanComeFromAVariableOrAFile) {
  const Ended variable = run("drover-master", {}, {{"DROVER_HTTP_LISTEN", "nonsense"}});
  EXPECT_EQ(2, variable.status);
  EXPECT_THAT(variable.output, HasSubstr("nonsense"));
  const std::string file = directory_.write("master.toml", "http-listen = \"rubbish\"\n");
  const Ended config = run("drover-master", {"--config", file});
  EXPECT_EQ(2, config.status);
  EXPECT_THAT(config.output, HasSubstr("rubbish"));
}

TEST_F(Startup, AnUnreachableMasterIsNoFailureAndIsSaidOnce) {
  Cluster cluster;  // whose master is not started: port 1 has no listener
  Process agent({kBin + "/drover-agent", "--master", "127.0.0.1:1", "--state-dir",
                 cluster.state_dir(7), "--advertise-ip", "127.0.0.1"});
  EXPECT_TRUE(agent.await_line("127.0.0.1:1"));
  EXPECT_TRUE(agent.await_line(" ready "));
  agent.signal(SIGTERM);
  EXPECT_EQ(0, agent.wait());
  cluster.end_supervisor(7);
}

TEST_F(Startup, AMasterThatIsWellHasNothingToWarnOf) {
  Cluster cluster;
  for (int start = 0; start < 3; ++start) {  // with an empty store, and with its tables
    cluster.start_master();
    cluster.create("work " + std::to_string(start), "true");
    cluster.master().signal(SIGTERM);
    EXPECT_EQ(0, cluster.master().wait());
    EXPECT_THAT(cluster.master().output(), Not(HasSubstr(" warning ")));
    EXPECT_THAT(cluster.master().output(), Not(HasSubstr(" error ")));
  }
}

TEST_F(Startup, TheMasterStopsCleanlyOnTerm) {
  Cluster cluster;
  cluster.start_master();
  cluster.start_agent(0);
  cluster.await_online(1);
  cluster.master().signal(SIGTERM);
  EXPECT_EQ(0, cluster.master().wait());
  EXPECT_THAT(cluster.master().output(), HasSubstr("stopped"));
}

}  // namespace
}  // namespace drover::test
