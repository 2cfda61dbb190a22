#include "common/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace drover {
namespace {

Status sync_directory(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return system_error("cannot sync directory " + path, errno);
  return Done{};
}

}  // namespace

int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Status write_all(int fd, std::string_view content, const std::string& path) {
  const int error = write_all(fd, content);
  if (error != 0) return system_error("cannot write " + path, error);
  return Done{};
}

Status ensure_directory(const std::string& path) {
  std::filesystem::path made;
  for (const std::filesystem::path& part : std::filesystem::path(path)) {
    made /= part;
    if (::mkdir(made.c_str(), 0700) == 0) continue;
    const int why = errno;
    std::error_code ignored;
    if (std::filesystem::is_directory(made, ignored)) continue;
    return system_error("cannot make directory " + path, why == EEXIST ? ENOTDIR : why);
  }
  if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
    return system_error("cannot use directory " + path, errno);
  }
  return Done{};
}

Result<FileLock> FileLock::take(const std::string& path, const std::string& owner) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return system_error("cannot open lock file " + path, errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_error("cannot lock " + path, errno);
    return Error{ErrorKind::conflict, path + " is locked: " + owner +
                                          " uses this directory; stop it or choose another one"};
  }
  return FileLock(std::move(fd));
}

Result<std::optional<std::string>> read_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return std::optional<std::string>();
    return system_error("cannot open " + path, errno);
  }
  std::string content;
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("cannot read " + path, errno);
    if (count == 0) return std::optional<std::string>(std::move(content));
    content.append(buffer, static_cast<std::size_t>(count));
  }
}

Status write_file_durably(const std::string& path, std::string_view content) {
  const std::string temporary = path + ".new";
  {
    const UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd) return system_error("cannot make " + temporary, errno);
    if (auto written = write_all(fd.get(), content, temporary); !written) return written;
    if (::fsync(fd.get()) != 0) return system_error("cannot sync " + temporary, errno);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return system_error("cannot rename " + temporary + " to " + path, errno);
  }
  const std::string directory = std::filesystem::path(path).parent_path().string();
  return sync_directory(directory.empty() ? "." : directory);
}

}  // namespace drover
