#include "tests/support/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace drover::test {
namespace {

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& additions) {
  std::vector<std::string> list;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text(*variable);
    if (additions.count(text.substr(0, text.find('='))) == 0) list.push_back(text);
  }
  for (const auto& [key, value] : additions) list.push_back(key + "=" + value);
  return list;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments,
                 const std::map<std::string, std::string>& environment) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  pipe_.reset(ends[0]);
  enough_.reset(::eventfd(0, EFD_CLOEXEC));
  const UniqueFd child_end(ends[1]);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, child_end.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, child_end.get(), 2);
  const std::vector<std::string> variables = merged_environment(environment);
  const int failed = ::posix_spawn(&pid_, arguments.at(0).c_str(), &actions, nullptr,
                                   pointers(arguments).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    throw std::system_error(failed, std::generic_category(), "cannot start " + arguments[0]);
  }
  reader_ = std::thread([this] { read_output(); });
}

Process::~Process() {
  if (!ended()) kill();
  ::eventfd_write(enough_.get(), 1);
  reader_.join();
}

void Process::read_output() {
  char buffer[4096];
  for (;;) {
    pollfd both[] = {{pipe_.get(), POLLIN, 0}, {enough_.get(), POLLIN, 0}};
    if (::poll(both, 2, -1) < 0) continue;
    // Read with the mutex held: what is no longer in the pipe is in output_.
    const std::lock_guard lock(mutex_);
    const ssize_t count = both[0].revents != 0 ? ::read(pipe_.get(), buffer, sizeof buffer) : 0;
    if (count <= 0) output_ended_ = true;
    if (count > 0) output_.append(buffer, static_cast<std::size_t>(count));
    changed_.notify_all();
    if (count <= 0) return;
  }
}

std::optional<std::string> Process::await_line(const std::string& text,
                                               std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  std::size_t place = std::string::npos;
  changed_.wait_for(lock, patience, [&] {
    place = output_.find(text);
    // The whole line has to be there.
    if (place != std::string::npos && output_.find('\n', place) == std::string::npos) {
      place = std::string::npos;
    }
    return place != std::string::npos || output_ended_;
  });
  if (place == std::string::npos) {
    ADD_FAILURE() << "no line with '" << text << "' in:\n" << output_;
    return std::nullopt;
  }
  const std::size_t begin = output_.rfind('\n', place) + 1;
  return output_.substr(begin, output_.find('\n', place) - begin);
}

std::string Process::output() const {
  const std::lock_guard lock(mutex_);
  return output_;
}

void Process::signal(int number) const {
  ASSERT_FALSE(ended()) << "the process has ended";
  ASSERT_EQ(0, ::kill(pid_, number));
}

int Process::wait() {
  if (!status_) {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    await_rest_of_output();
  }
  return *status_;
}

void Process::await_rest_of_output() {
  std::unique_lock lock(mutex_);
  // Not until the end of the file: a supervisor that an agent has started holds the pipe as well.
  changed_.wait(lock, [&] {
    int unread = 0;
    return output_ended_ || ::ioctl(pipe_.get(), FIONREAD, &unread) != 0 || unread == 0;
  });
}

void Process::kill() {
  if (ended()) return;
  ::kill(pid_, SIGKILL);
  wait();
}

std::string field(const std::string& line, const std::string& key) {
  const std::string start = " " + key + "=";
  const std::size_t place = line.find(start);
  if (place == std::string::npos) return "";
  const std::size_t begin = place + start.size();
  return line.substr(begin, line.find(' ', begin) - begin);
}

std::string read_proc(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();  // unlike an iterator, it does not throw when a read fails
  return text.str();
}

bool process_exists(pid_t pid) {
  const std::string stat = read_proc("/proc/" + std::to_string(pid) + "/stat");
  // "pid (name) state ...": the name may hold anything, a parenthesis included.
  const std::size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.compare(name_end, 3, ") Z") != 0;
}

std::vector<pid_t> processes_with(const std::string& marker) {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (read_proc(entry.path() / "environ").find(marker) != std::string::npos)
      found.push_back(std::stoi(name));
  }
  return found;
}

}  // namespace drover::test
