// Every command, on a terminal's other end: what it prints, what it complains of, how it ends.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <csignal>

#include "tests/integration/cli/cli_fixture.h"

namespace drover::test {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

constexpr char kUnknownId[] = "01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60";

class Commands : public CliTest {
 protected:
  void SetUp() override { start(); }

  // A template of one task, in YAML.
  std::string yaml(const std::string& name, const std::string& command,
                   const std::string& more = "") {
    return files_.write("t.yaml", "name: " + name + "\n" + more +
                                      "task_groups:\n- tasks:\n  - name: t\n    config:\n"
                                      "      command: |\n        " +
                                      command + "\n");
  }
  std::string state_of(const std::string& id) const {
    const json::value shown = json::parse(output_of({"status", id, "--json"}));
    return json::value_to<std::string>(shown.at("state"));
  }
};

TEST_F(Commands, TemplatesAreAppliedListedAndShown) {
  EXPECT_EQ(output_of({"template", "apply", yaml("日报", "true")}), "日报 has version 1");
  EXPECT_EQ(output_of({"template", "apply", yaml("日报", "true")}), "日报 has version 1");
  EXPECT_EQ(output_of({"template", "apply", yaml("日报", "false", "kind: service\n")}),
            "日报 has version 2");
  const std::string json = files_.write(
      "x.json", R"({"name": "a", "labels": {"team": "x"}, "task_groups": [{"tasks": [{"name": "t",)"
                R"( "config": {"command": "true"}, "resources": {"cpu": 0.50}}]}]})");
  EXPECT_EQ(output_of({"template", "apply", json}), "a has version 1");
  EXPECT_EQ(output_of({"template", "list"}),
            "NAME  VERSION  KIND     LABELS\n"
            "a     1        batch    team=x\n"
            "日报  2        service");
  EXPECT_EQ(output_of({"template", "show", "a"}),
            R"({"name":"a","labels":{"team":"x"},"task_groups":[{"tasks":[{"name":"t",)"
            R"("config":{"command":"true"},"resources":{"cpu":0.50}}]}]})");
  EXPECT_THAT(output_of({"template", "show", "日报", "--version", "1"}), HasSubstr(R"("true\n")"));
  EXPECT_THAT(output_of({"template", "list", "--json"}),
              StartsWith(R"({"templates":[{"name":"a")"));
}

TEST_F(Commands, TemplatesAreRemoved) {
  const std::string id = output_of({"deploy", "-f", yaml("日报/a", "exec sleep 600")});
  EXPECT_TRUE(complains(drover({"template", "rm", "日报/a"}), 5, "remove it with --force"));
  EXPECT_EQ(output_of({"template", "rm", "日报/a", "--force"}), "");
  EXPECT_EQ(output_of({"template", "list"}), "NAME  VERSION  KIND  SCHEDULE  LABELS");
  EXPECT_NE(state_of(id), "stopped") << "what was made of it goes on";
  output_of({"template", "apply", yaml("b", "true")});
  EXPECT_TRUE(complains(drover({"template", "rm", "none", "b"}), 4, "none"));
  EXPECT_TRUE(complains(drover({"template", "show", "b"}), 4, "b")) << "the others are removed";
}

TEST_F(Commands, ATemplateThatIsRefusedIsNamedWithItsFile) {
  const std::string path = files_.write("bad.yaml", "name: x\ntask_groups: []\nkinds: service\n");
  EXPECT_TRUE(complains(drover({"template", "validate", path}), 1, path + ": at /"));
  EXPECT_TRUE(complains(drover({"template", "apply", path}), 1, path + ": at /"));
  EXPECT_TRUE(complains(drover({"template", "apply", files_ / "none"}), 1, "no such file"));
  EXPECT_TRUE(complains(drover({"template", "apply", files_.write("y", "a: [")}), 1, "line "));
  EXPECT_EQ(output_of({"template", "validate", yaml("ok", "true")}), "ok is valid");
  EXPECT_EQ(output_of({"template", "list"}), "NAME  VERSION  KIND  SCHEDULE  LABELS");
}

TEST_F(Commands, DeployPrintsTheIdAndStatusShowsWhatCameOfIt) {
  const std::string id = output_of({"deploy", "-f", yaml("hello", "echo hi")});
  EXPECT_THAT(id, MatchesRegex("[0-9a-f-]{36}"));
  EXPECT_TRUE(eventually([&] { return state_of(id) == "completed"; }));
  const std::string shown = output_of({"status", id});
  EXPECT_THAT(shown, StartsWith("Instance  " + id + "\nTemplate  hello, version 1\n"));
  EXPECT_THAT(shown, HasSubstr("State     completed\n"));
  EXPECT_THAT(shown, HasSubstr("exited with 0"));
  EXPECT_EQ(shown.find('\x1b'), std::string::npos) << "colours where there is no terminal";
  EXPECT_THAT(output_of({"deploy", "hello", "--json"}), MatchesRegex(R"(\{"id":"[0-9a-f-]+"\})"));
}

TEST_F(Commands, DeployGivesParameters) {
  const std::string path =
      yaml("p", "exit ${code}", "parameters: {code: {default: '0'}, other: {default: x}}\n");
  const Ended run = drover({"run", "-f", path, "-p", "code=9", "-p", "other=a b"});
  EXPECT_EQ(run.code, 9) << run.err;
  EXPECT_TRUE(complains(drover({"deploy", "p", "-p", "cod=9"}), 1, "/parameters/cod"));
}

TEST_F(Commands, DeployWaitsForTheEnd) {
  yaml("well", "true");
  const Ended well = drover({"deploy", "-f", files_ / "t.yaml", "--wait"});
  EXPECT_EQ(well.code, 0) << well.err;
  EXPECT_EQ(well.err, "") << "no progress where there is no terminal";
  const Ended bad = drover({"deploy", "-f", yaml("bad", "exit 4"), "--wait"});
  EXPECT_TRUE(complains(bad, 7, "exited with 4"));
  const Ended late =
      drover({"deploy", "-f", yaml("late", "sleep 600"), "--wait", "--timeout", "1s"});
  EXPECT_TRUE(complains(late, 8, "goes on"));
  const Ended json = drover({"deploy", "bad", "--wait", "--json"});
  EXPECT_EQ(json.code, 7);
  EXPECT_EQ(json::parse(json.out).at("state").as_string(), "failed");
}

// Asking each fifth of a second would be ten questions and more.
TEST_F(Commands, AWaitIsOneQuestionThatTheMasterAnswersLate) {
  const Ended late =
      drover({"deploy", "-f", yaml("late", "sleep 600"), "--wait", "--timeout", "2s"});
  EXPECT_TRUE(complains(late, 8, "the time is over (it is running); the instance goes on"));
  const std::string counted = cluster_.get("/metrics").body;
  const std::string name =
      "drover_http_requests_total{method=\"GET\",route=\"/api/v1/instances/{id}\"";
  const std::size_t line = counted.find(name);
  ASSERT_NE(line, std::string::npos) << counted;
  EXPECT_LE(std::stoi(counted.substr(counted.find("} ", line) + 2)), 4);
}

TEST_F(Commands, ATimeoutIsOfAWait) {
  EXPECT_TRUE(complains(drover({"deploy", "a", "--timeout", "1s"}), 2, "--wait"));
  EXPECT_TRUE(complains(drover({"stop", kUnknownId, "--timeout", "1s"}), 2, "--wait"));
}

TEST_F(Commands, ScaleWaitsUntilAllRun) {
  const std::string id =
      output_of({"deploy", "-f", yaml("web", "exec sleep 600", "kind: service\n"), "--wait"});
  EXPECT_EQ(output_of({"scale", id, "0", "3", "--wait"}), "");
  const json::value three = json::parse(output_of({"status", id, "--json"}));
  EXPECT_EQ(three.at("groups").as_array().size(), 3U);
  EXPECT_EQ(three.at("state"), "running");
  EXPECT_EQ(output_of({"scale", id, "0", "1", "--wait"}), "");
  EXPECT_EQ(state_of(id), "running");
  cluster_.agent(0).signal(SIGSTOP);
  const Ended late = drover({"scale", id, "0", "3", "--wait", "--timeout", "1s"});
  cluster_.agent(0).signal(SIGCONT);
  EXPECT_TRUE(complains(late, 8, "the scaling goes on"));
}

TEST_F(Commands, DeployWaitsUntilAServiceRuns) {
  const std::string path = yaml("web", "exec sleep 600", "kind: service\n");
  EXPECT_EQ(state_of(output_of({"deploy", "-f", path, "--wait"})), "running");
}

TEST_F(Commands, StopEndsInstances) {
  const std::string path = yaml("long", "exec sleep 600");
  const std::string one = output_of({"deploy", "-f", path});
  const std::string two = output_of({"deploy", "long"});
  EXPECT_EQ(output_of({"stop", one, two, "--wait"}), "");
  EXPECT_EQ(state_of(one), "stopped");
  EXPECT_EQ(state_of(two), "stopped");
  const std::string three = output_of({"deploy", "long"});
  EXPECT_TRUE(complains(drover({"stop", kUnknownId, three}), 4, kUnknownId));
  EXPECT_TRUE(eventually([&] { return state_of(three) == "stopped"; }))
      << "an unknown one keeps no other from being stopped";
}

TEST_F(Commands, AServiceIsScaledAndUpdated) {
  const std::string id =
      output_of({"deploy", "-f", yaml("web", "exec sleep 600", "kind: service\n"), "--wait"});
  EXPECT_EQ(output_of({"scale", id, "0", "2"}), "");
  EXPECT_TRUE(eventually([&] {
    const json::value shown = json::parse(output_of({"status", id, "--json"}));
    return shown.at("groups").as_array().size() == 2 && shown.at("state") == "running";
  }));
  output_of({"template", "apply", yaml("web", "exit 3", "kind: service\n")});
  EXPECT_TRUE(complains(drover({"update", id, "--wait"}), 7, "reverted"));
  EXPECT_EQ(output_of({"update", id, "--version", "1", "--wait"}), "");
  EXPECT_TRUE(complains(drover({"scale", id, "none", "2"}), 4, "no such group"));
  const std::string job = output_of({"deploy", "-f", yaml("job", "exec sleep 600")});
  EXPECT_TRUE(complains(drover({"scale", job, "0", "2"}), 5, "service"));
}

TEST_F(Commands, NodesAreShownDrainedAndResumed) {
  const std::string table = output_of({"nodes"});
  EXPECT_THAT(table, StartsWith("ID "));
  EXPECT_THAT(table, HasSubstr(" 127.0.0.1  online "));
  const json::value nodes = json::parse(output_of({"nodes", "--json"}));
  const auto id = json::value_to<std::string>(nodes.at("nodes").at(0).at("id"));
  EXPECT_EQ(output_of({"node", "drain", id, "--deadline", "1s", "--wait"}), "");
  EXPECT_THAT(output_of({"node", "show", id}), HasSubstr("State       drained\n"));
  EXPECT_THAT(output_of({"nodes"}), HasSubstr(" drained "));
  EXPECT_EQ(output_of({"node", "resume", id}), "");
  EXPECT_THAT(output_of({"nodes"}), HasSubstr(" online "));
  EXPECT_TRUE(complains(drover({"node", "drain", "none"}), 4, "none"));
  EXPECT_THAT(output_of({"names", "nodes"}), id);
}

TEST_F(Commands, ANodeThatIsGoneIsForgotten) {
  const std::string id = output_of({"names", "nodes"});
  EXPECT_TRUE(complains(drover({"node", "rm", id}), 5, "is online"));
  cluster_.agent(0).signal(SIGTERM);
  cluster_.agent(0).wait();
  cluster_.await_online(0);
  EXPECT_THAT(output_of({"node", "show", id}), HasSubstr("Heard of "));
  EXPECT_EQ(output_of({"node", "rm", id}), "");
  EXPECT_TRUE(complains(drover({"node", "show", id}), 4, "no node"));
}

TEST_F(Commands, NamesAreThoseForShells) {
  const std::string over = output_of({"deploy", "-f", yaml("日报", "true")});
  ASSERT_TRUE(eventually([&] { return state_of(over) == "completed"; }));
  EXPECT_EQ(output_of({"names", "templates"}), "日报");
  EXPECT_EQ(output_of({"names", "instances"}), over) << "where none is alive";
  const std::string alive = output_of({"deploy", "-f", yaml("long", "exec sleep 600")});
  EXPECT_EQ(output_of({"names", "instances"}), alive);
}

TEST_F(Commands, TheClusterIsShown) {
  EXPECT_THAT(output_of({"cluster", "show"}), HasSubstr("State      normal\n"));
  EXPECT_THAT(output_of({"cluster", "show"}), HasSubstr("1 of 1 online"));
  EXPECT_EQ(output_of({"cluster", "resume"}), "");
}

TEST_F(Commands, WhatTheMasterDoesNotKnowIsSaid) {
  EXPECT_TRUE(complains(drover({"status", kUnknownId}), 4, kUnknownId));
  EXPECT_TRUE(complains(drover({"status", "x"}), 1, "UUID"));
  EXPECT_TRUE(complains(drover({"status", ""}), 2, "empty"));
  EXPECT_TRUE(complains(drover({"deploy", "none"}), 4, "none"));
  EXPECT_TRUE(complains(drover({"template", "show", "none"}), 4, "none"));
  EXPECT_TRUE(complains(drover({"run", "none"}), 125, "none"));
}

TEST_F(Commands, TheServerIsAFlagAVariableOrASetting) {
  const std::string server = environment().at("DROVER_SERVER");
  const std::map<std::string, std::string> nothing{{"DROVER_SERVER", ""}};
  EXPECT_EQ(drover({"--server", server, "nodes"}, {{"DROVER_SERVER", "127.0.0.1:1"}}).code, 0);
  EXPECT_EQ(drover({"nodes", "--server", "http://" + server + "/"}, nothing).code, 0);
  std::filesystem::create_directories(files_ / ".config/drover");
  files_.write(".config/drover/config.toml", "server = \"" + server + "\"\njson = true\n");
  const Ended from_file = drover({"nodes"}, nothing);
  EXPECT_EQ(from_file.code, 0) << from_file.err;
  EXPECT_THAT(from_file.out, StartsWith("{\"nodes\":"));
  EXPECT_TRUE(complains(drover({"nodes"}, {{"DROVER_SERVER", "127.0.0.1:1"}}), 3, "127.0.0.1:1"));
  EXPECT_TRUE(complains(drover({"nodes", "--config", files_ / "none"}), 2, "none"));
  files_.write(".config/drover/config.toml", "servers = \"x\"\n");
  EXPECT_TRUE(complains(drover({"nodes"}), 2, "'servers'"));
}

TEST_F(Commands, AWrongCommandLineIsOneLine) {
  EXPECT_TRUE(complains(drover({}), 2, "drover --help"));
  EXPECT_TRUE(complains(drover({"nods"}), 2, "nods"));
  EXPECT_TRUE(complains(drover({"node"}), 2, "drover node --help"));
  EXPECT_TRUE(complains(drover({"deploy"}), 2, "drover deploy --help"));
  EXPECT_TRUE(complains(drover({"deploy", "a", "--timeout", "soon"}), 2, "soon"));
  EXPECT_TRUE(complains(drover({"nodes", "--server", "https://x"}), 2, "https"));
}

}  // namespace
}  // namespace drover::test
