#include "agent/supervisor/output_file.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "common/limits.h"
#include "common/log.h"
#include "common/result.h"

namespace drover::supervisor {
namespace {

constexpr std::size_t kScratchBytes = 64 * 1024;

// For what goes through our memory: nothing of it outlives a call, and there is one thread.
std::array<char, kScratchBytes>& scratch() {
  static std::array<char, kScratchBytes> buffer;
  return buffer;
}

bool is_empty(int pipe) {
  int bytes = 0;
  return ::ioctl(pipe, FIONREAD, &bytes) == 0 && bytes == 0;
}

bool is_pipe_answer(long count, int error_number) {
  return count >= 0 || error_number == EAGAIN || error_number == EINTR;
}

}  // namespace

OutputFile::OutputFile(std::string path, OutputLimits limits)
    : path_(std::move(path)),
      limit_bytes_(limits.bytes == 0 ? limits::kOutputFileBytes : limits.bytes),
      files_(limits.files == 0 ? limits::kOutputFiles : limits.files) {}

long OutputFile::take_from(int pipe, std::size_t bytes) {
  if (path_.empty()) return discard(pipe, bytes);
  // A file is made, and a full one moved away, for a byte and not for the end of the bytes.
  if ((!file_ || size_ >= limit_bytes_) && is_empty(pipe)) return discard(pipe, bytes);
  int failure = ensure_open();
  if (failure == 0) {
    const std::uint64_t room = limit_bytes_ - size_;
    const long moved = move(pipe, static_cast<std::size_t>(std::min<std::uint64_t>(bytes, room)));
    if (is_pipe_answer(moved, errno)) return moved;
    failure = errno;
  }
  note_failure(failure);
  const long taken = discard(pipe, bytes);
  if (taken > 0) dropped_bytes_ += static_cast<std::uint64_t>(taken);
  return taken;
}

int OutputFile::ensure_open() {
  if (!file_) {
    if (const int error = open_file(); error != 0) return error;
  }
  return size_ >= limit_bytes_ ? rotate() : 0;
}

int OutputFile::open_file() {
  // Neither a link nor a pipe that somebody put there is followed or waited for.
  constexpr int kFlags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  UniqueFd file(::open(path_.c_str(), kFlags, 0600));
  if (!file && errno == ENOENT) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), error);
    if (error) return error.value();
    file.reset(::open(path_.c_str(), kFlags, 0600));
  }
  if (!file) return errno;
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return errno;
  if (!S_ISREG(info.st_mode)) return EINVAL;
  if (::lseek(file.get(), 0, SEEK_END) < 0) return errno;
  size_ = static_cast<std::uint64_t>(info.st_size);
  file_ = std::move(file);
  return 0;
}

int OutputFile::rotate() {
  file_.reset();
  if (const int error = make_way(); error != 0) return error;
  return open_file();
}

int OutputFile::make_way() const {
  if (files_ == 1) return ::unlink(path_.c_str()) == 0 || errno == ENOENT ? 0 : errno;
  const auto name = [this](std::uint32_t age) { return path_ + "." + std::to_string(age); };
  // Up to a number that is free, as one is after a failure half way: then none has to go.
  std::uint32_t last = 1;
  while (last < files_ - 1 && ::access(name(last).c_str(), F_OK) == 0) ++last;
  for (std::uint32_t age = last; age > 0; --age) {
    const std::string from = age == 1 ? path_ : name(age - 1);
    if (std::rename(from.c_str(), name(age).c_str()) != 0 && errno != ENOENT) return errno;
  }
  return 0;
}

long OutputFile::move(int pipe, std::size_t bytes) {
  if (!can_splice_) return copy(pipe, bytes);
  const long moved = ::splice(pipe, nullptr, file_.get(), nullptr, bytes, SPLICE_F_NONBLOCK);
  if (moved > 0) size_ += static_cast<std::uint64_t>(moved);
  if (moved >= 0 || errno != EINVAL) return moved;
  can_splice_ = false;  // not every file system has it
  return copy(pipe, bytes);
}

long OutputFile::copy(int pipe, std::size_t bytes) {
  const long count = ::read(pipe, scratch().data(), std::min(bytes, scratch().size()));
  if (count <= 0) return count;
  long written = 0;
  while (written < count) {
    const long part =
        ::write(file_.get(), scratch().data() + written, static_cast<std::size_t>(count - written));
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) break;
    written += part;
  }
  if (written < count) {
    note_failure(errno);
    dropped_bytes_ += static_cast<std::uint64_t>(count - written);
  }
  size_ += static_cast<std::uint64_t>(written);
  return count;
}

long OutputFile::discard(int pipe, std::size_t bytes) {
  return ::read(pipe, scratch().data(), std::min(bytes, scratch().size()));
}

void OutputFile::note_failure(int error_number) {
  if (failure_logged_) return;
  failure_logged_ = true;
  log::warning("output dropped", {{"path", path_},
                                  {"reason", system_error("cannot write", error_number).message},
                                  {"then", "the task goes on; what cannot be written is counted"}});
}

}  // namespace drover::supervisor
