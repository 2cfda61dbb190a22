#include "agent/output/reader.h"

#include <algorithm>
#include <utility>

namespace drover::agent::output {
namespace {

using Files = std::vector<File>;

Files::const_iterator find(const Files& files, std::uint64_t inode) {
  return std::find_if(files.begin(), files.end(),
                      [inode](const File& file) { return file.inode == inode; });
}

}  // namespace

Result<Reader::Piece> Reader::step(std::size_t bytes) {
  if (!file_) {
    auto begun = begin();
    if (!begun || !file_) return begun;
  }
  auto piece = read(bytes);
  if (!piece || !piece->data.empty()) return piece;
  auto turned = turn_page();
  if (!turned) return turned.error();
  return Piece{*turned ? State::looking : State::at_end};
}

// Opens the file to begin with, once it is known.
Result<Reader::Piece> Reader::begin() {
  if (!search_) {
    Files files = list_files(path_);
    if (files.empty()) return Piece{State::nothing};
    begin_at(files);
  }
  if (search_) {
    const auto found = search_->step();
    if (!found) return found.error();
    if (!*found) return Piece{State::looking};
    position_ = **found;
    search_.reset();
  }
  if (auto opened = open(position_); !opened) return opened.error();
  return Piece{State::looking};
}

// Sets the position, or begins to search for it.
void Reader::begin_at(const Files& files) {
  if (beginning_.from) {
    const auto found = find(files, beginning_.from->file);
    skipped_ = found == files.end() || found->bytes < beginning_.from->offset;
    position_ = skipped_ ? Position{files.front().inode, 0} : *beginning_.from;
    return;
  }
  Files kept = files;
  std::erase_if(
      kept, [this](const File& file) { return file.modified_unix_ms < beginning_.since_unix_ms; });
  if (kept.empty()) {
    position_ = {files.back().inode, files.back().bytes};
  } else if (beginning_.tail_lines) {
    search_.emplace(path_, std::move(kept), *beginning_.tail_lines);
  } else {
    position_ = {kept.front().inode, 0};
  }
}

Result<Reader::Piece> Reader::read(std::size_t bytes) {
  auto data = read_at(file_.get(), position_.offset, bytes);
  if (!data) return data.error();
  if (data->empty()) return Piece{State::at_end};
  position_.offset += data->size();
  return Piece{State::data, *std::move(data), std::exchange(skipped_, false)};
}

Result<bool> Reader::turn_page() {
  const Files files = list_files(path_);
  if (files.empty()) return false;
  const auto ours = find(files, position_.file);
  if (ours == files.end()) return turn_to_what_is_kept(files);
  if (ours + 1 == files.end()) return false;
  // It was written to until it was renamed, which may have been after the last read.
  auto last = read_at(file_.get(), position_.offset, 1);
  if (!last) return last.error();
  if (!last->empty()) return true;
  if (auto opened = open({(ours + 1)->inode, 0}); !opened) return opened.error();
  return true;
}

// The open file has been deleted.
Result<bool> Reader::turn_to_what_is_kept(const Files& files) {
  auto next = find(files, following_);
  if (following_ == 0 || next == files.end()) {
    skipped_ = true;
    next = files.begin();
  }
  if (auto opened = open({next->inode, 0}); !opened) return opened.error();
  return true;
}

// Where it has gone meanwhile, nothing is changed.
Status Reader::open(const Position& position) {
  auto file = open_file(path_, position.file);
  if (!file) return file.error();
  if (!*file) return Done{};
  file_ = *std::move(file);
  position_ = position;
  const Files files = list_files(path_);
  const auto ours = find(files, position.file);
  following_ = ours == files.end() || ours + 1 == files.end() ? 0 : (ours + 1)->inode;
  return Done{};
}

}  // namespace drover::agent::output
