#include "tests/integration/cli/pseudo_terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "tests/support/process.h"

namespace drover::test {

PseudoTerminal::PseudoTerminal(const std::vector<std::string>& arguments,
                               const std::map<std::string, std::string>& environment,
                               unsigned short columns, unsigned short rows) {
  // Built before the fork: the child only calls what is safe there.
  std::vector<std::string> texts;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text(*variable);
    if (environment.count(text.substr(0, text.find('='))) == 0) texts.push_back(text);
  }
  for (const auto& [name, value] : environment) texts.push_back(name + "=" + value);
  std::vector<char*> variables;
  for (std::string& text : texts) variables.push_back(text.data());
  variables.push_back(nullptr);
  std::vector<char*> words;
  for (const std::string& argument : arguments) {
    words.push_back(const_cast<char*>(argument.c_str()));
  }
  words.push_back(nullptr);

  winsize size{rows, columns, 0, 0};
  int master = -1;
  pid_ = ::forkpty(&master, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("forkpty failed");
  if (pid_ == 0) {
    ::execve(words[0], words.data(), variables.data());
    ::_exit(127);
  }
  master_.reset(master);
  ::fcntl(master, F_SETFD, FD_CLOEXEC);
  keeper_.reset(::open(::ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC));
}

PseudoTerminal::~PseudoTerminal() {
  if (ended_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void PseudoTerminal::type(const std::string& keys) const {
  EXPECT_EQ(::write(master_.get(), keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
}

void PseudoTerminal::resize(unsigned short columns, unsigned short rows) const {
  const winsize size{rows, columns, 0, 0};
  EXPECT_EQ(::ioctl(master_.get(), TIOCSWINSZ, &size), 0);
}

bool PseudoTerminal::read_some(int timeout_ms) {
  pollfd readable{master_.get(), POLLIN, 0};
  if (::poll(&readable, 1, timeout_ms) <= 0) return false;
  char buffer[4096];
  const ssize_t count = ::read(master_.get(), buffer, sizeof buffer);
  if (count <= 0) return false;
  drawn_.append(buffer, static_cast<std::size_t>(count));
  return true;
}

bool PseudoTerminal::await(const std::string& text) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (drawn_.find(text) == std::string::npos) {
    read_some(50);
    if (std::chrono::steady_clock::now() < until) continue;
    ADD_FAILURE() << "'" << text << "' was not drawn, but:\n" << drawn_;
    return false;
  }
  return true;
}

int PseudoTerminal::wait() {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  int status = 0;
  // The terminal is held open here, so its end says nothing: the child is asked.
  for (;;) {
    const bool drew = read_some(20);
    if (!drew && ::waitpid(pid_, &status, WNOHANG) == pid_) break;
    if (std::chrono::steady_clock::now() > until) {
      ADD_FAILURE() << "it does not end; drawn:\n" << drawn_;
      return -1;
    }
  }
  ended_ = true;
  while (read_some(0)) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

termios PseudoTerminal::settings() const {
  termios found{};
  EXPECT_EQ(::tcgetattr(keeper_.get(), &found), 0);
  return found;
}

}  // namespace drover::test
