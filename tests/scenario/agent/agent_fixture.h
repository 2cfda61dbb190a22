// The real agent and supervisor, and a master that the test plays, in verbs.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/unique_fd.h"
#include "tests/scenario/agent/agent_program.h"
#include "tests/unit/agent/link/fake_master.h"

namespace drover::agent {

class AgentProgramTest : public testing::Test {
 protected:
  void start_agent(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.end(), {"--master", master_->address()});
    agent_.start(arguments);
    master_->wait_for_sessions(++sessions_);
  }
  // On another port: before an agent starts.
  void use_master(const fake::FakeMaster::Manner& manner) {
    master_ = std::make_unique<fake::FakeMaster>(manner);
  }
  void restart_master(const fake::FakeMaster::Manner& manner) {
    const int port = master_->port();
    master_ = std::make_unique<fake::FakeMaster>(manner, port);
    sessions_ = 0;
  }
  v1::End wait_for_end(std::uint8_t number, std::uint32_t task = 0) {
    const fake::FakeMaster::Heard heard =
        master_->wait_until([&](const fake::FakeMaster::Heard& so_far) {
          return fake::end_of(so_far, number, task).has_value();
        });
    return fake::end_of(heard, number, task).value_or(v1::End());
  }
  void wait_until_running(std::uint8_t number, std::uint32_t task = 0) {
    master_->wait_until([&](const fake::FakeMaster::Heard& so_far) {
      return fake::report_of(so_far, number, task).has_value();
    });
  }
  // The hello of the agent's n-th session, from 1.
  v1::Hello hello(int n) {
    const auto hellos = [](const fake::FakeMaster::Heard& heard) {
      std::vector<v1::Hello> found;
      for (const auto& message : heard) {
        if (message.has_hello()) found.push_back(message.hello());
      }
      return found;
    };
    const auto wanted = static_cast<std::size_t>(n);
    const fake::FakeMaster::Heard heard = master_->wait_until(
        [&](const fake::FakeMaster::Heard& so_far) { return hellos(so_far).size() >= wanted; });
    return hellos(heard).at(wanted - 1);
  }

  // Named pipes between the test and its tasks. Both ends are open here, so that neither waits.
  std::string pipe_path(const std::string& name) {
    const std::string path = agent_.state_dir() + "/../" + name;
    if (!pipes_.contains(name)) {
      EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
      pipes_[name].reset(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    }
    return path;
  }
  // For a task that does "read x".
  void let_go(const std::string& name) { EXPECT_EQ(::write(pipes_[name].get(), "go\n", 3), 3); }
  // Waits for what a task says.
  std::string hear(const std::string& name) {
    pollfd ready{pipes_[name].get(), POLLIN, 0};
    if (::poll(&ready, 1, 20'000) != 1) {
      ADD_FAILURE() << "nothing was said";
      return "";
    }
    char text[100];
    const ssize_t length = ::read(ready.fd, text, sizeof text);
    return {text, static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
  }

  std::unique_ptr<fake::FakeMaster> master_ = std::make_unique<fake::FakeMaster>();
  AgentProgram agent_;
  int sessions_ = 0;
  std::map<std::string, UniqueFd> pipes_;
};

}  // namespace drover::agent
