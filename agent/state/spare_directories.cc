#include "agent/state/spare_directories.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "common/files.h"
#include "common/unique_fd.h"

namespace drover::agent::state {
namespace {

namespace fs = std::filesystem;

// getdents64(2): one entry.
struct Entry {
  std::uint64_t inode;
  std::int64_t offset;
  std::uint16_t length;
  std::uint8_t type;
  char name[1];
};

bool is_itself_or_parent(const char* name) {
  return std::string_view(name) == "." || std::string_view(name) == "..";
}

// readdir(3) would take 32 KiB of memory for two names.
bool is_empty(int directory) {
  alignas(Entry) std::array<char, 1024> buffer;
  for (;;) {
    const long size = ::syscall(SYS_getdents64, directory, buffer.data(), buffer.size());
    if (size <= 0) return size == 0;
    for (long at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const Entry*>(buffer.data() + at);
      if (!is_itself_or_parent(&entry->name[0])) return false;
      at += entry->length;
    }
  }
}

// Nobody can tell it from a new one.
bool is_as_new(const std::string& path) {
  const UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat info {};
  return directory && ::fstat(directory.get(), &info) == 0 && info.st_uid == ::geteuid() &&
         (info.st_mode & 07777) == SpareDirectories::kMode && is_empty(directory.get());
}

std::uint64_t number_of(const std::string& name) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? number : 0;
}

}  // namespace

Status SpareDirectories::open() {
  if (auto made = ensure_directory(parent_); !made) return made;
  std::error_code error;
  for (auto entry = fs::directory_iterator(parent_, error); !error && entry != fs::end(entry);
       entry.increment(error)) {
    const std::uint64_t number = number_of(entry->path().filename().string());
    last_number_ = std::max(last_number_, number);
    if (number != 0 && numbers_.size() < most_ && is_as_new(entry->path().string())) {
      numbers_.push_back(number);
    } else {
      std::error_code ignored;
      fs::remove_all(entry->path(), ignored);
    }
  }
  if (error) return system_error("cannot read directory " + parent_, error.value());
  return Done{};
}

bool SpareDirectories::take(const std::string& path) {
  if (numbers_.empty()) return false;
  const std::string spare = path_of(numbers_.back());
  if (::renameat2(AT_FDCWD, spare.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0) {
    return false;
  }
  numbers_.pop_back();
  return true;
}

bool SpareDirectories::give_back(const std::string& path) {
  if (numbers_.size() >= most_ || !is_as_new(path)) return false;
  const std::uint64_t number = last_number_ + 1;
  if (::rename(path.c_str(), path_of(number).c_str()) != 0) return false;
  last_number_ = number;
  numbers_.push_back(number);
  return true;
}

std::string SpareDirectories::path_of(std::uint64_t number) const {
  return parent_ + '/' + std::to_string(number);
}

}  // namespace drover::agent::state
