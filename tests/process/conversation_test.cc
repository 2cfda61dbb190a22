// The socket: who is obeyed, who is told what, and what happens to nonsense.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <csignal>

#include "agent/supervisor/unix_socket.h"
#include "common/limits.h"
#include "tests/process/supervisor_fixture.h"

namespace drover::supervisor {
namespace {

class ConversationTest : public SupervisorTest {
 protected:
  // Another connection that sends these bytes and is closed for it.
  void expect_closed_after(const std::string& bytes) {
    auto connected = connect_to(socket());
    ASSERT_TRUE(connected);
    FrameChannel channel(std::move(*connected));
    ASSERT_EQ(::send(channel.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    ASSERT_EQ(::fcntl(channel.fd(), F_SETFL, 0), 0);
    char byte = 0;
    EXPECT_EQ(::recv(channel.fd(), &byte, 1, 0), 0);
  }
  std::string frame(const Request& request) {
    std::string bytes;
    append_frame(bytes, request);
    return bytes;
  }
};

TEST_P(ConversationTest, TheSocketIsPrivate) {
  struct stat info {};
  ASSERT_EQ(::stat(socket().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_P(ConversationTest, AKeyIsStartedOnce) {
  const Spawn request = command("a", {"sh", "-c", "echo started"});
  spawn(request);
  spawn(request);
  const Status first = await_end("a");
  const int told_before = told("a");
  spawn(request);
  settle();
  EXPECT_EQ(told("a"), told_before + 1);
  EXPECT_EQ(known("a")->pid(), first.pid());
  EXPECT_EQ(output("a"), "started\n");
}

TEST_P(ConversationTest, WhatIsForgottenIsUnknown) {
  run("a", {"sh", "-c", "echo started"});
  forget("a");
  settle();
  attach();
  EXPECT_FALSE(known("a"));
  run("a", {"sh", "-c", "echo started"});
  EXPECT_EQ(output("a"), "started\nstarted\n");
}

TEST_P(ConversationTest, WhatRunsIsNotForgotten) {
  spawn("a", {"sleep", "1000"});
  await_running("a");
  forget("a");
  settle();
  attach();
  ASSERT_TRUE(known("a"));
  EXPECT_EQ(known("a")->end_case(), Status::END_NOT_SET);
}

TEST_P(ConversationTest, TheNextAgentLearnsWhatRunsAndWhatEnded) {
  const std::string fifo = make_fifo("fifo");
  spawn("ended", {"sh", "-c", "exit 3"});
  await_end("ended");
  spawn("running", {"sleep", "1000"});
  probe("ends", "stubborn", fifo);
  await_running("ends");
  const Watched process = await_report(fifo);
  const std::string id = snapshot().supervisor_id();
  detach();
  process.signal(SIGKILL);
  EXPECT_TRUE(process.goes());
  attach();
  EXPECT_EQ(await_end("ends").signal(), SIGKILL);
  EXPECT_EQ(known("ended")->exit_code(), 3);
  EXPECT_EQ(known("running")->end_case(), Status::END_NOT_SET);
  EXPECT_EQ(snapshot().supervisor_id(), id);
}

TEST_P(ConversationTest, ANewAgentDisplacesTheOld) {
  auto second = SupervisorClient::connect(socket());
  ASSERT_TRUE(second);
  EXPECT_TRUE(connection_ends());
  attach();
  EXPECT_EQ(run("a", {"true"}).exit_code(), 0);
}

TEST_P(ConversationTest, NonsenseClosesTheConnectionAndNothingElse) {
  spawn("a", {"sleep", "1000"});
  await_running("a");
  Request spawned;
  *spawned.mutable_spawn() = command("b", {"true"});
  expect_closed_after(frame(spawned));                   // does not begin with attach
  expect_closed_after(frame(Request()));                 // asks for nothing
  expect_closed_after(std::string(4, '\xff'));           // a length of 4 GiB
  expect_closed_after(std::string("\x03\0\0\0abc", 7));  // no message
  // The agent was not disturbed, unlike by a connection that attaches.
  settle();
  EXPECT_EQ(known("a")->end_case(), Status::END_NOT_SET);
  EXPECT_FALSE(known("b"));
}

TEST_P(ConversationTest, NonsenseOfTheAgentClosesItsConnectionAndNothingElse) {
  spawn("a", {"sleep", "1000"});
  await_running("a");
  spawn(command("", {"true"}));
  ASSERT_TRUE(client().flush());
  EXPECT_TRUE(connection_ends());
  attach();
  ASSERT_TRUE(known("a"));
  spawn(command(std::string(limits::kSupervisorKeyBytes + 1, 'k'), {"true"}));
  ASSERT_TRUE(client().flush());
  EXPECT_TRUE(connection_ends());
  attach();
  EXPECT_EQ(known("a")->end_case(), Status::END_NOT_SET);
}

TEST_P(ConversationTest, ConnectionsThatNeverAttachMakeRoom) {
  std::vector<UniqueFd> idle;
  for (std::size_t i = 0; i < 3 * limits::kSupervisorConnections; ++i) {
    auto connected = connect_to(socket());
    if (connected) idle.push_back(std::move(*connected));
    settle();
  }
  EXPECT_EQ(run("a", {"true"}).exit_code(), 0);
}

TEST_P(ConversationTest, AnAgentThatDoesNotReadIsDropped) {
  spawn("a", {"sleep", "1000"});
  // Many long keys, so that each answer is long and none can stand for two.
  std::vector<Spawn> known_keys;
  for (std::size_t i = 0; i < limits::kSupervisorRequestsPerTurn; ++i) {
    const std::string number = std::to_string(i);
    const std::string padding(limits::kSupervisorKeyBytes - number.size(), 'k');
    known_keys.push_back(command(padding + number, {"/no/such/program"}));
    spawn(known_keys.back());
  }
  settle();
  bool is_dropped = false;
  std::size_t asked_bytes = 0;
  while (!is_dropped && asked_bytes < 4 * limits::kSupervisorBacklogBytes) {
    for (const Spawn& request : known_keys) {
      spawn(request);
      asked_bytes += request.key().size();
    }
    while (!is_dropped && client().wants_write()) {
      pollfd ready{client().fd(), POLLOUT, 0};
      ASSERT_EQ(::poll(&ready, 1, 30'000), 1);
      is_dropped = !client().flush();
    }
  }
  EXPECT_TRUE(is_dropped);
  attach();
  EXPECT_EQ(known("a")->end_case(), Status::END_NOT_SET);
  EXPECT_TRUE(known(known_keys.front().key()));
}

DROVER_WITH_BOTH_CONTAINMENTS(ConversationTest);

}  // namespace
}  // namespace drover::supervisor
