#include "agent/supervisor/cgroup_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <memory>
#include <utility>

#include "agent/supervisor/pidfd.h"

namespace drover::supervisor {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

Directory open_directory(int at, const std::string& name) {
  UniqueFd fd(::openat(at, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return nullptr;
  Directory directory(::fdopendir(fd.get()));
  if (directory) fd.release();
  return directory;
}

std::vector<pid_t> numbers_of(std::string_view text) {
  std::vector<pid_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    pid_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    // 0 stands for a process outside of our pid namespace.
    if (error == std::errc() && number > 0) numbers.push_back(number);
    at = std::max(next, at) + 1;
  }
  return numbers;
}

// Of an open cgroup.events, which is short enough to come at once.
std::optional<CgroupState> read_events(int fd) {
  char text[256];
  const ssize_t count = ::pread(fd, text, sizeof text, 0);
  if (count <= 0) return std::nullopt;
  return parse_cgroup_events({text, static_cast<std::size_t>(count)});
}

}  // namespace

std::optional<CgroupState> parse_cgroup_events(std::string_view text) {
  if (text.find("populated ") == std::string_view::npos) return std::nullopt;
  return CgroupState{text.find("populated 1") != std::string_view::npos,
                     text.find("frozen 1") != std::string_view::npos};
}

Result<CgroupTree> CgroupTree::open(const std::string& path, bool make) {
  if (make && ::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) {
    return system_error("cannot make cgroup " + path, errno);
  }
  UniqueFd fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return system_error("cannot open cgroup " + path, errno);
  return CgroupTree(path, std::move(fd));
}

int CgroupTree::make(const std::string& name) const {
  return ::mkdirat(fd_.get(), name.c_str(), 0755) == 0 ? 0 : errno;
}

UniqueFd CgroupTree::open_child(const std::string& name) const {
  return UniqueFd(::openat(fd_.get(), name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

std::optional<CgroupState> CgroupTree::state(const std::string& name) const {
  const UniqueFd events = watch(name);
  return read_events(events.get());
}

UniqueFd CgroupTree::open_file(const std::string& name, const char* file) const {
  return UniqueFd(::openat(fd_.get(), (name + "/" + file).c_str(), O_RDONLY | O_CLOEXEC));
}

UniqueFd CgroupTree::watch(const std::string& name) const {
  return open_file(name, "cgroup.events");
}

std::vector<std::string> CgroupTree::children(const std::string& name) const {
  std::vector<std::string> names;
  const Directory directory = open_directory(fd_.get(), name);
  if (!directory) return names;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string_view child = entry->d_name;
    if (entry->d_type == DT_DIR && child != "." && child != "..") names.emplace_back(child);
  }
  return names;
}

void CgroupTree::signal(const std::string& name, int signal_number) const {
  // A number that is still listed after its pidfd was opened belongs to that very process, or to
  // a later one of this cgroup while the pidfd's own is dead and gets nothing.
  std::vector<std::pair<pid_t, UniqueFd>> held;
  for (const pid_t pid : processes(name)) held.emplace_back(pid, open_pidfd(pid));
  const std::vector<pid_t> listed = processes(name);
  for (const auto& [pid, pidfd] : held) {
    if (!pidfd || std::find(listed.begin(), listed.end(), pid) == listed.end()) continue;
    signal_pidfd(pidfd.get(), signal_number);
  }
  for (const std::string& child : children(name)) signal(name + "/" + child, signal_number);
}

void CgroupTree::kill(const std::string& name) const {
  if (write(name + "/cgroup.kill", "1") == 0) return;
  // Kernels before 5.14. What is frozen cannot fork, and dies of SIGKILL all the same.
  write(name + "/cgroup.freeze", "1");
  signal(name, SIGKILL);
  write(name + "/cgroup.freeze", "0");
}

bool CgroupTree::wait_until_empty(const std::string& name, std::chrono::milliseconds limit) const {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  const UniqueFd events = watch(name);
  for (;;) {
    // Read through the watched descriptor: that is what makes it wait for the next change. A
    // cgroup that cannot be read was removed.
    const auto state = read_events(events.get());
    if (!state || !state->populated) return true;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd changed{events.get(), POLLPRI, 0};
    ::poll(&changed, 1, static_cast<int>(left.count()));
  }
}

int CgroupTree::remove(const std::string& name) const {
  if (::unlinkat(fd_.get(), name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return 0;
  if (errno != EBUSY && errno != ENOTEMPTY) return errno;
  for (const std::string& child : children(name)) {
    if (const int error = remove(name + "/" + child); error != 0) return error;
  }
  return ::unlinkat(fd_.get(), name.c_str(), AT_REMOVEDIR) == 0 ? 0 : errno;
}

int CgroupTree::set(const std::string& name, const char* file, std::string_view text) const {
  return write(name + "/" + file, text);
}

std::vector<pid_t> CgroupTree::processes(const std::string& name) const {
  return numbers_of(text(name, "cgroup.procs").value_or(""));
}

std::optional<std::string> CgroupTree::text(const std::string& name, const char* file) const {
  const UniqueFd fd = open_file(name, file);
  if (!fd) return std::nullopt;
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

int CgroupTree::write(const std::string& file, std::string_view text) const {
  const UniqueFd fd(::openat(fd_.get(), file.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return errno;
  return ::write(fd.get(), text.data(), text.size()) >= 0 ? 0 : errno;
}

}  // namespace drover::supervisor
