#include "tests/scenario/agent/agent_program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/ids.h"

extern char** environ;

namespace drover::agent {
namespace {

namespace fs = std::filesystem;

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// "/" and the text of its id.
std::string allocation_path(std::uint8_t number) {
  AllocationId id;
  id.instance.uuid.bytes[15] = number;
  return "/" + id.text();
}

}  // namespace

void wait_until_gone(pid_t pid) {
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!process) return;
  pollfd ready{process.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&ready, 1, 20'000), 1) << "process " << pid << " does not end";
}

AgentProgram::AgentProgram() {
  std::string pattern = (fs::temp_directory_path() / "drover-agent-XXXXXX").string();
  root_ = ::mkdtemp(pattern.data());
  state_dir_ = root_ + "/state";
}

void AgentProgram::end_all() {
  if (runs()) kill_9();
  if (const auto pid = supervisor_pid()) {
    ::kill(*pid, SIGTERM);
    wait_until_gone(*pid);
  }
}

AgentProgram::~AgentProgram() {
  end_all();
  if (testing::Test::HasFailure()) {
    std::fprintf(stderr, "--- log of the agent:\n%s--- log of the supervisor:\n%s", log().c_str(),
                 read_text(state_dir_ + "/supervisor.sock.log").c_str());
  }
  fs::remove_all(root_);
}

std::string AgentProgram::log() const { return read_text(root_ + "/log"); }

std::string AgentProgram::work_of(std::uint8_t number) const {
  return state_dir_ + "/work" + allocation_path(number);
}

std::string AgentProgram::output_of(std::uint8_t number, std::uint32_t task,
                                    const std::string& stream) const {
  return read_text(state_dir_ + "/output" + allocation_path(number) + "/" + std::to_string(task) +
                   ".1." + stream);
}

void AgentProgram::start(std::vector<std::string> arguments) {
  ASSERT_FALSE(runs());
  arguments.insert(arguments.begin(), {DROVER_AGENT_PROGRAM, "--state-dir", state_dir_});
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 2, (root_ + "/log").c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  ASSERT_EQ(::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ), 0);
  ::posix_spawn_file_actions_destroy(&actions);
}

void AgentProgram::kill_9() {
  ASSERT_TRUE(runs());
  ::kill(pid_, SIGKILL);
  wait_for_exit();
}

void AgentProgram::signal(int number) const {
  ASSERT_TRUE(runs());
  ::kill(pid_, number);
}

int AgentProgram::stop() {
  EXPECT_TRUE(runs());
  ::kill(pid_, SIGTERM);
  return wait_for_exit();
}

int AgentProgram::wait_for_exit() {
  int status = 0;
  EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void AgentProgram::kill_supervisor_9() {
  const auto pid = supervisor_pid();
  ASSERT_TRUE(pid) << "no supervisor runs";
  ::kill(*pid, SIGKILL);
  wait_until_gone(*pid);
}

std::optional<pid_t> AgentProgram::supervisor_pid() const {
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = state_dir_ + "/supervisor.sock";
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return std::nullopt;
  }
  ucred peer{};
  socklen_t length = sizeof peer;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) {
    return std::nullopt;
  }
  return peer.pid;
}

}  // namespace drover::agent
