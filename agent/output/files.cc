#include "agent/output/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include "common/limits.h"

namespace drover::agent::output {
namespace {

namespace fs = std::filesystem;

// While files are renamed, and after a failure half way, one name may be free between two others.
constexpr std::uint32_t kFreeNames = 2;

// Calls `visit(name)` from the newest to the oldest name; it returns whether there is such a file.
template <class Visit>
void for_each_name(const std::string& path, Visit visit) {
  std::uint32_t missing = 0;
  for (std::uint32_t age = 0; age <= limits::kMostOutputFiles && missing < kFreeNames; ++age) {
    const bool there = visit(age == 0 ? path : path + '.' + std::to_string(age));
    missing = there ? 0 : missing + 1;
  }
}

File file_of(const struct stat& info) {
  return {info.st_ino, static_cast<std::uint64_t>(info.st_size),
          std::int64_t{info.st_mtim.tv_sec} * 1000 + info.st_mtim.tv_nsec / 1'000'000};
}

}  // namespace

std::vector<File> list_files(const std::string& path) {
  std::vector<File> files;
  for_each_name(path, [&files](const std::string& name) {
    struct stat info {};
    if (::lstat(name.c_str(), &info) != 0) return false;
    const bool met = std::any_of(files.begin(), files.end(),
                                 [&info](const File& file) { return file.inode == info.st_ino; });
    if (S_ISREG(info.st_mode) && !met) files.push_back(file_of(info));
    return true;
  });
  std::reverse(files.begin(), files.end());
  return files;
}

Result<UniqueFd> open_file(const std::string& path, std::uint64_t inode) {
  UniqueFd found;
  int failure = 0;
  for_each_name(path, [&](const std::string& name) {
    if (found || failure != 0) return false;
    // Neither a link nor a pipe that somebody put there is followed or waited for.
    UniqueFd file(::open(name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file && errno == ENOENT) return false;
    if (!file && errno != ELOOP) failure = errno;
    struct stat info {};
    if (file && ::fstat(file.get(), &info) == 0 && info.st_ino == inode && S_ISREG(info.st_mode)) {
      found = std::move(file);
    }
    return true;
  });
  if (failure != 0) return system_error("cannot open " + path, failure);
  return found;
}

Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t bytes) {
  std::string data(bytes, '\0');
  std::size_t filled = 0;
  while (filled < bytes) {
    const ssize_t count =
        ::pread(fd, data.data() + filled, bytes - filled, static_cast<off_t>(offset + filled));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("cannot read output", errno);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  data.resize(filled);
  return data;
}

std::uint32_t newest_attempt(const std::string& directory, std::uint32_t task,
                             std::string_view suffix) {
  const std::string begin = std::to_string(task) + '.';
  std::uint32_t newest = 0;
  std::error_code error;
  for (auto entry = fs::directory_iterator(directory, error); !error && entry != fs::end(entry);
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(begin) || !name.ends_with(suffix)) continue;
    std::uint32_t number = 0;
    const char* const end = name.data() + name.size() - suffix.size();
    const auto read = std::from_chars(name.data() + begin.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end) newest = std::max(newest, number);
  }
  return newest;
}

}  // namespace drover::agent::output
