#include "agent/state/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "common/check.h"
#include "common/files.h"
#include "common/limits.h"

namespace drover::agent::state {
namespace {

std::string frames_of(const std::vector<core::JournalRecord>& records) {
  std::string frames;
  for (const core::JournalRecord& record : records) frames += encode(record);
  return frames;
}

// The disk, or what the account may use of it.
bool is_lack_of_space(int error_number) { return error_number == ENOSPC || error_number == EDQUOT; }

// Each damaged piece becomes a file of its own; returns their paths. On a full disk there is no
// copy of it, and its place in the old file is all that can be told.
std::vector<std::string> set_aside(const Layout& layout, std::string_view content,
                                   const std::vector<Damage>& damage, std::int64_t unix_ms) {
  std::vector<std::string> paths;
  if (damage.empty()) return paths;
  const auto made = ensure_directory(layout.damaged());
  for (const Damage& piece : damage) {
    const std::string path = layout.damaged() + "/journal." + std::to_string(unix_ms) + '.' +
                             std::to_string(piece.offset);
    const auto written =
        made ? write_file_durably(path, content.substr(piece.offset, piece.length)) : made;
    paths.push_back(written ? path
                            : layout.journal() + " from byte " + std::to_string(piece.offset) +
                                  ", not copied: " + written.error().message);
  }
  return paths;
}

}  // namespace

Result<Journal::Opened> Journal::open(const Layout& layout, std::int64_t unix_ms) {
  const auto content = read_file(layout.journal());
  if (!content) return content.error();
  const std::string bytes = content->value_or("");
  Decoded decoded = decode(bytes);
  auto damaged_files = set_aside(layout, bytes, decoded.damage, unix_ms);
  return Opened{Journal(layout.journal(), decoded.truncated_at), std::move(decoded.records),
                std::move(damaged_files)};
}

Status Journal::begin(const std::vector<core::JournalRecord>& all,
                      const std::vector<core::JournalRecord>& added) {
  if (auto replaced = replace(all); !replaced) return replaced;
  if (fd_) return Done{};
  if (auto opened = go_on_with_old_file(); !opened) return opened;
  return append(added);
}

Status Journal::append(const std::vector<core::JournalRecord>& records) {
  DROVER_CHECK(fd_, "the journal is begun before it is appended to");
  if (records.empty()) return Done{};
  const std::string frames = frames_of(records);
  size_ += frames.size();
  if (auto written = write_all(fd_.get(), frames, path_); !written) return written;
  if (reserved_to_ < size_ + limits::kJournalReserveBytes / 2) make_reserve();
  return Done{};
}

Status Journal::rewrite(const std::vector<core::JournalRecord>& records) {
  DROVER_CHECK(fd_, "the journal is begun before it is rewritten");
  return replace(records);
}

// Without room for another file, nothing has happened and the journal is full.
Status Journal::replace(const std::vector<core::JournalRecord>& records) {
  const std::string temporary = path_ + ".new";
  const std::string frames = frames_of(records);
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  int failed = fd ? 0 : errno;
  if (failed == 0 && !frames.empty()) {
    // Takes the space beforehand, so that the file is whole or is not begun.
    const auto length = static_cast<off_t>(frames.size());
    if (::fallocate(fd.get(), FALLOC_FL_KEEP_SIZE, 0, length) != 0) failed = errno;
    if (failed == EOPNOTSUPP) failed = 0;
  }
  if (is_lack_of_space(failed)) {
    ::unlink(temporary.c_str());
    full_ = true;
    return Done{};
  }
  if (failed != 0) return system_error("cannot make " + temporary, failed);
  if (auto written = write_all(fd.get(), frames, temporary); !written) return written;
  if (::rename(temporary.c_str(), path_.c_str()) != 0) {
    return system_error("cannot rename " + temporary + " to " + path_, errno);
  }
  fd_ = std::move(fd);
  size_ = size_rewritten_ = frames.size();
  reserved_to_ = 0;
  make_reserve();
  return Done{};
}

Status Journal::go_on_with_old_file() {
  fd_.reset(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!fd_) return system_error("cannot open " + path_, errno);
  if (::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0) {
    return system_error("cannot cut the unfinished end off " + path_, errno);
  }
  size_rewritten_ = size_;
  make_reserve();
  return Done{};
}

void Journal::make_reserve() {
  const std::size_t wanted = size_ + limits::kJournalReserveBytes;
  const int done = ::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(size_),
                               static_cast<off_t>(limits::kJournalReserveBytes));
  full_ = done != 0 && is_lack_of_space(errno);
  if (done == 0) reserved_to_ = wanted;
}

bool Journal::wants_rewrite() const {
  return !full_ && size_ >= limits::kJournalBytes && size_ >= 2 * size_rewritten_;
}

}  // namespace drover::agent::state
