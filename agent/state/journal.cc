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

// Each damaged piece becomes a file of its own; returns their paths.
Result<std::vector<std::string>> set_aside(const Layout& layout, std::string_view content,
                                           const std::vector<Damage>& damage,
                                           std::int64_t unix_ms) {
  std::vector<std::string> paths;
  if (damage.empty()) return paths;
  if (auto made = ensure_directory(layout.damaged()); !made) return made.error();
  for (const Damage& piece : damage) {
    paths.push_back(layout.damaged() + "/journal." + std::to_string(unix_ms) + '.' +
                    std::to_string(piece.offset));
    auto written = write_file_durably(paths.back(), content.substr(piece.offset, piece.length));
    if (!written) return written.error();
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
  if (!damaged_files) return damaged_files.error();
  return Opened{Journal(layout.journal()), std::move(decoded.records), *std::move(damaged_files)};
}

Status Journal::append(const std::vector<core::JournalRecord>& records) {
  DROVER_CHECK(fd_, "the journal is rewritten before it is appended to");
  if (records.empty()) return Done{};
  const std::string frames = frames_of(records);
  size_ += frames.size();
  return write_all(fd_.get(), frames, path_);
}

Status Journal::rewrite(const std::vector<core::JournalRecord>& records) {
  const std::string temporary = path_ + ".new";
  const std::string frames = frames_of(records);
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  if (!fd) return system_error("cannot make " + temporary, errno);
  if (auto written = write_all(fd.get(), frames, temporary); !written) return written;
  if (::rename(temporary.c_str(), path_.c_str()) != 0) {
    return system_error("cannot rename " + temporary + " to " + path_, errno);
  }
  fd_ = std::move(fd);
  size_ = size_rewritten_ = frames.size();
  return Done{};
}

bool Journal::wants_rewrite() const {
  return size_ >= limits::kJournalBytes && size_ >= 2 * size_rewritten_;
}

}  // namespace drover::agent::state
