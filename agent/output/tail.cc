#include "agent/output/tail.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"

namespace drover::agent::output {

TailSearch::TailSearch(std::string path, std::vector<File> files, std::uint64_t lines)
    : path_(std::move(path)),
      files_(std::move(files)),
      end_(files_.back().bytes),
      newlines_wanted_(lines) {}

Result<std::optional<Position>> TailSearch::step() {
  if (newlines_wanted_ == 0) return std::optional(place());
  auto data = piece();
  if (!data) return data.error();
  if (data->empty()) return std::optional(place());
  for (std::size_t place_in = data->size(); place_in-- > 0;) {
    const bool is_last_byte = std::exchange(at_last_byte_, false);
    if ((*data)[place_in] != '\n' || is_last_byte) continue;
    if (--newlines_wanted_ == 0) {
      return std::optional(Position{files_.back().inode, end_ - data->size() + place_in + 1});
    }
  }
  end_ -= data->size();
  return std::optional<Position>();
}

Result<std::string> TailSearch::piece() {
  while (true) {
    if (end_ == 0) {
      if (files_.size() == 1) return std::string();
      files_.pop_back();
      file_.reset();
      end_ = files_.back().bytes;
      continue;
    }
    if (!file_) {
      auto opened = open_file(path_, files_.back().inode);
      if (!opened) return opened.error();
      file_ = *std::move(opened);
    }
    const std::uint64_t size = std::min<std::uint64_t>(end_, limits::kOutputChunkBytes);
    if (file_) {
      auto data = read_at(file_.get(), end_ - size, size);
      if (!data || data->size() == size) return data;
    }
    // The file has gone meanwhile: what is kept begins behind it.
    return std::string();
  }
}

}  // namespace drover::agent::output
