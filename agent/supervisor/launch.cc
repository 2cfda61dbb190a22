#include "agent/supervisor/launch.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <vector>

#include "agent/supervisor/pidfd.h"
#include "common/files.h"
#include "common/limits.h"
#include "common/unique_fd.h"

extern char** environ;

namespace drover::supervisor {
namespace {

// Meant for the caller alone.
bool is_private_variable(std::string_view entry) {
  for (const std::string_view prefix :
       {"DROVER_", "NOTIFY_SOCKET=", "WATCHDOG_USEC=", "WATCHDOG_PID=", "LISTEN_"}) {
    if (entry.starts_with(prefix)) return true;
  }
  return false;
}

std::vector<char*> clean_environment() {
  std::vector<char*> clean;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!is_private_variable(*entry)) clean.push_back(*entry);
  }
  clean.push_back(nullptr);
  return clean;
}

struct LogFile {
  std::string path;
  UniqueFd fd;
  off_t begin = 0;  // of what is written from now on
};

Result<LogFile> open_log(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 &&
      static_cast<std::size_t>(info.st_size) > limits::kSupervisorLogBytes) {
    std::rename(path.c_str(), (path + ".1").c_str());
  }
  LogFile log{path, UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600))};
  if (!log.fd) return system_error("cannot open " + path, errno);
  log.begin = ::lseek(log.fd.get(), 0, SEEK_END);
  return log;
}

std::string last_line(const LogFile& log) {
  char buffer[4096];
  const ssize_t count = ::pread(log.fd.get(), buffer, sizeof buffer, log.begin);
  if (count <= 0) return "it said nothing";
  std::string_view text(buffer, static_cast<std::size_t>(count));
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const std::size_t before = text.rfind('\n');
  return std::string(before == std::string_view::npos ? text : text.substr(before + 1));
}

class SpawnSettings {
 public:
  explicit SpawnSettings(int log_fd) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, log_fd, 1);
    posix_spawn_file_actions_adddup2(&files_, log_fd, 2);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }

  const posix_spawn_file_actions_t* files() const { return &files_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

// Waits until the starting process is done, with the exit status of one that was killed for
// taking too long otherwise.
int wait_for_start(pid_t pid) {
  const UniqueFd pidfd = open_pidfd(pid);
  pollfd done{pidfd.get(), POLLIN, 0};
  constexpr auto kTime = std::chrono::milliseconds(limits::kSupervisorLaunchTime);
  if (pidfd && ::poll(&done, 1, static_cast<int>(kTime.count())) == 0) ::kill(pid, SIGKILL);
  int status = -1;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return status;
}

}  // namespace

drover::Status start_supervisor(const std::string& program_path, const std::string& socket_path,
                                const std::string& containment) {
  const auto directory = std::filesystem::path(socket_path).parent_path().string();
  if (auto made = ensure_directory(directory.empty() ? "." : directory); !made) return made;
  auto log = open_log(socket_path + ".log");
  if (!log) return log.error();
  std::vector<std::string> words{program_path,    "--socket",  socket_path,
                                 "--containment", containment, "--background"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::vector<char*> environment = clean_environment();

  pid_t pid = -1;
  const SpawnSettings settings(log->fd.get());
  const int error = ::posix_spawn(&pid, program_path.c_str(), settings.files(),
                                  settings.attributes(), arguments.data(), environment.data());
  if (error != 0) return system_error("cannot start " + program_path, error);
  if (wait_for_start(pid) == 0) return Done{};
  return Error{ErrorKind::unavailable, "cannot start " + program_path + ": " + last_line(*log) +
                                           "; its log is " + log->path};
}

}  // namespace drover::supervisor
