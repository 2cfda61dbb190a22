// What tasks print, read through the master, with real programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "common/limits.h"
#include "tests/support/cluster.h"
#include "tests/support/http_client.h"

namespace drover::test {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

// A line of text for the API.
std::string task(const std::string& name, const std::string& command,
                 const std::string& more = "") {
  return R"({"name":")" + name + R"(","config":{"command":)" +
         json::serialize(json::value(command)) + "}" + more + "}";
}

// A stop reaches the threads of a process one after the other: proc(5), the state behind the name.
bool is_frozen(pid_t process) {
  const std::filesystem::path threads = "/proc/" + std::to_string(process) + "/task";
  for (const auto& thread : std::filesystem::directory_iterator(threads)) {
    std::ifstream file(thread.path() / "stat");
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos || text.compare(name_end, 3, ") T") != 0) return false;
  }
  return true;
}

class OutputOfTasks : public testing::Test {
 protected:
  void start(int agents = 1, const std::vector<std::string>& flags = {}) {
    cluster_.start_master(flags);
    for (int number = 0; number < agents; ++number) cluster_.start_agent(number);
    cluster_.await_online(agents);
  }
  std::string deploy(const std::string& tasks) {
    cluster_.create(R"({"name":"it","task_groups":[{"name":"g","tasks":[)" + tasks + "]}]}");
    return cluster_.deploy("it");
  }
  std::string state(const std::string& id) const {
    const Reply reply = cluster_.get("/api/v1/instances/" + id);
    return json::value_to<std::string>(json::parse(reply.body).at("state"));
  }
  void await_state(const std::string& id, const std::string& wanted) const {
    EXPECT_TRUE(eventually([&] { return state(id) == wanted; })) << state(id);
  }
  static std::string path(const std::string& id, const std::string& query) {
    return "/api/v1/instances/" + id + "/logs" + query;
  }
  std::string logs(const std::string& id, const std::string& query) const {
    const Reply reply = cluster_.get(path(id, query));
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.body;
  }
  // A client who has the head of a followed answer.
  std::unique_ptr<HttpClient> follow(const std::string& id, const std::string& query) const {
    auto client = std::make_unique<HttpClient>(cluster_.http_port());
    client->send(client->request("GET", path(id, query + "&follow=true"), std::nullopt));
    const auto head = client->read(HttpClient::Body::absent);
    EXPECT_TRUE(head && head->status == 200) << (head ? head->head : "no answer");
    return client;
  }
  // Reads on until this was said.
  static std::string read_until(HttpClient& client, const std::string& text) {
    std::string all;
    while (all.find(text) == std::string::npos) {
      const auto piece = client.read_piece();
      if (!piece || piece->empty()) {
        ADD_FAILURE() << "the stream ended; it had said: " << all;
        break;
      }
      all += *piece;
    }
    return all;
  }
  static std::string rest(HttpClient& client) {
    std::string all;
    for (auto piece = client.read_piece(); piece && !piece->empty(); piece = client.read_piece()) {
      all += *piece;
    }
    return all;
  }
  // A task that waits for the file goes on when it is there.
  std::string wait_for(const std::string& name) const {
    return "while [ ! -e " + cluster_.directory() + "/" + name + " ]; do sleep 0.02; done";
  }
  void let_go(const std::string& name) const { std::ofstream(cluster_.directory() + "/" + name); }

  Cluster cluster_;
};

TEST_F(OutputOfTasks, WhetherItRunsHasFailedOrHasSucceeded) {
  start();
  const std::string id =
      deploy(task("good", "echo fine; echo hmm >&2") + "," + task("bad", "echo oh; exit 3") + "," +
             task("going", "echo on; exec sleep 1000"));
  await_state(id, "degraded");
  ASSERT_TRUE(eventually([&] { return logs(id, "?task=going") == "on\n"; }));
  EXPECT_EQ(logs(id, "?task=good"), "fine\nhmm\n");
  EXPECT_EQ(logs(id, "?task=good&stream=stderr"), "hmm\n");
  EXPECT_EQ(logs(id, "?task=bad"), "oh\n");
  const std::string all = logs(id, "");
  for (const char* text : {R"("task":"good","attempt":1,"stream":"stdout","text":"fine")",
                           R"("task":"good","attempt":1,"stream":"stderr","text":"hmm")",
                           R"("task":"bad","attempt":1,"stream":"stdout","text":"oh")",
                           R"("task":"going","attempt":1,"stream":"stdout","text":"on")"}) {
    EXPECT_THAT(all, HasSubstr(text));
  }
  EXPECT_THAT(all, Not(HasSubstr("partial")));
  cluster_.stop(id);
  await_state(id, "stopped");
  EXPECT_EQ(logs(id, "?task=going"), "on\n") << "of what is in the history";
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.await_online(1);
  EXPECT_EQ(logs(id, "?task=bad"), "oh\n") << "after a restart of the master";
}

TEST_F(OutputOfTasks, TheEndOfMuchOutputInRotatedFiles) {
  start();
  const std::string id =
      deploy(task("t", "i=0; while [ $i -lt 3000 ]; do echo line $i of much; i=$((i+1)); done",
                  R"(,"logs":{"size":"16KiB","files":4})"));
  await_state(id, "completed");
  EXPECT_EQ(logs(id, "?tail=2"), "line 2998 of much\nline 2999 of much\n");
  const std::string tail = logs(id, "?tail=1500");
  EXPECT_TRUE(tail.starts_with("line 1500 of much\n")) << tail.substr(0, 100);
  EXPECT_TRUE(logs(id, "?stream=stdout").ends_with("line 2999 of much\n"));
}

TEST_F(OutputOfTasks, FollowedToItsExitStatus) {
  start();
  const std::string id =
      deploy(task("t", "echo begun; " + wait_for("go") + "; echo more; printf last; exit 5"));
  await_state(id, "running");
  const auto client = follow(id, "?task=t&attempt=1");
  EXPECT_EQ(read_until(*client, "begun\n"), "begun\n");
  let_go("go");
  EXPECT_EQ(rest(*client), "more\nlast\n[drover] g[0].t#1: exited with 5\n");
}

TEST_F(OutputOfTasks, ARestartInPlaceIsFollowedToo) {
  start();
  const std::string id =
      deploy(task("t", "echo attempt $DROVER_ATTEMPT; [ $DROVER_ATTEMPT = 2 ] || exit 1",
                  R"(,"restart":{"policy":"on_failure","delay":"1s"})"));
  const auto client = follow(id, "?stream=stdout");
  const std::string all = rest(*client);
  EXPECT_THAT(all, HasSubstr(R"("text":"attempt 1")"));
  EXPECT_THAT(all, HasSubstr(R"("attempt":1,"exit_code":1)"));
  EXPECT_THAT(all, HasSubstr(R"("text":"attempt 2")"));
  EXPECT_THAT(all, HasSubstr(R"("attempt":2,"exit_code":0)"));
  EXPECT_EQ(logs(id, "?attempt=1"), "attempt 1\n");
}

// Less than the master's patience with a node that owes output, and than a heartbeat may be late.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::chrono::seconds kPrompt{4};
constexpr char kShortLease[] = "3s";
#else
constexpr std::chrono::seconds kPrompt{2};
constexpr char kShortLease[] = "600ms";
#endif

TEST_F(OutputOfTasks, AReaderWhoDoesNotReadDelaysNobody) {
  start(1, {"--lease", kShortLease, "--heartbeat-interval", "100ms"});
  const std::string id = deploy(task("flood", "exec yes") + "," + task("quick", "echo quick"));
  ASSERT_TRUE(eventually([&] { return logs(id, "?task=quick") == "quick\n"; }));
  std::vector<std::unique_ptr<HttpClient>> lazy;
  for (int count = 0; count < 20; ++count) {
    lazy.push_back(follow(id, "?task=flood&attempt=1&stream=stdout"));
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (std::chrono::steady_clock::now() < until) {
    ASSERT_EQ(cluster_.nodes().at(0).second, 0) << "the node's heartbeats come in time";
    const auto before = std::chrono::steady_clock::now();
    ASSERT_EQ(logs(id, "?task=quick"), "quick\n");
    ASSERT_LT(std::chrono::steady_clock::now() - before, kPrompt);
  }
  EXPECT_THAT(cluster_.log_lines("offline"), "");
  // Those who begin to read get on.
  std::size_t bytes = 0;
  while (bytes < 8 * limits::kOutputCredit) {
    const auto piece = lazy.front()->read_piece();
    ASSERT_TRUE(piece && !piece->empty());
    bytes += piece->size();
  }
  lazy.clear();
  cluster_.stop(id);
  await_state(id, "stopped");
}

TEST_F(OutputOfTasks, OfANodeThatIsFrozenAreMissingAndThatIsSaid) {
  start(2);
  cluster_.create(
      R"({"name":"it","task_groups":[{"name":"g","count":2,"spread":"node.id","tasks":[)" +
      task("t", "echo here; exec sleep 1000") + "]}]}");
  const std::string id = cluster_.deploy("it");
  await_state(id, "running");
  ASSERT_TRUE(eventually([&] {
    const std::string all = logs(id, "?stream=stdout");
    return all.find("\"index\":0") != std::string::npos &&
           all.find("\"index\":1") != std::string::npos;
  }));
  cluster_.agent(1).signal(SIGSTOP);
  ASSERT_TRUE(eventually([&] { return is_frozen(cluster_.agent(1).pid()); }));
  const auto before = std::chrono::steady_clock::now();
  const std::string all = logs(id, "?stream=stdout");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(15));
  cluster_.agent(1).signal(SIGCONT);
  EXPECT_THAT(all, HasSubstr(R"("text":"here")"));
  EXPECT_THAT(all, HasSubstr(R"("partial":{"group":"g")"));
  EXPECT_THAT(all, HasSubstr("node_silent"));
  EXPECT_TRUE(eventually([&] {
    return logs(id, "?stream=stdout").find("partial") == std::string::npos;
  })) << "when it is back, nothing is missing";
}

TEST_F(OutputOfTasks, AnAgentThatComesBackIsReadOnWhereItWas) {
  start();
  const std::string id =
      deploy(task("t", "echo before; " + wait_for("go") + "; echo after; " + wait_for("end")));
  await_state(id, "running");
  const auto client = follow(id, "?task=t&attempt=1&stream=stdout");
  EXPECT_EQ(read_until(*client, "before\n"), "before\n");
  cluster_.agent(0).kill();
  let_go("go");
  cluster_.start_agent(0);
  EXPECT_EQ(read_until(*client, "after\n"), "after\n");
  let_go("end");
  EXPECT_THAT(rest(*client), "[drover] g[0].t#1: exited with 0\n");
}

TEST_F(OutputOfTasks, OfANodeThatIsGoneAreMissingAndThatIsSaid) {
  start();
  const std::string id = deploy(task("t", "echo here"));
  await_state(id, "completed");
  cluster_.agent(0).kill();
  EXPECT_THAT(logs(id, "?stream=stdout"),
              MatchesRegex("\\[drover\\] g\\[0\\].t#1: node .* does not answer; .*\n"));
}

TEST_F(OutputOfTasks, ManyReadersUpToTheLimit) {
  start();
  const std::string id = deploy(task("t", "echo here; " + wait_for("go")));
  await_state(id, "running");
  std::vector<std::unique_ptr<HttpClient>> readers;
  for (std::size_t count = 0; count < limits::kOutputReadingsPerNode; ++count) {
    readers.push_back(follow(id, "?task=t&attempt=1&stream=stdout"));
    ASSERT_EQ(read_until(*readers.back(), "here\n"), "here\n");
  }
  EXPECT_THAT(logs(id, "?stream=stdout"), HasSubstr("too many readers"));
  readers.back().reset();
  EXPECT_TRUE(eventually([&] { return logs(id, "?stream=stdout") == "here\n"; }));
  readers.pop_back();
  let_go("go");
  for (const auto& reader : readers) {
    ASSERT_EQ(rest(*reader), "[drover] g[0].t#1: exited with 0\n");
  }
}

TEST_F(OutputOfTasks, AMasterThatStopsSaysSo) {
  start();
  const std::string id = deploy(task("t", "echo here; exec sleep 1000"));
  await_state(id, "running");
  const auto client = follow(id, "?task=t&attempt=1&stream=stdout");
  read_until(*client, "here\n");
  cluster_.master().signal(SIGTERM);
  EXPECT_THAT(rest(*client), HasSubstr("the master stops"));
  EXPECT_EQ(cluster_.master().wait(), 0);
}

}  // namespace
}  // namespace drover::test
