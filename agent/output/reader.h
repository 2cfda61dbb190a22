// Reads one output stream of an attempt from file to file, while its supervisor writes and renames
// them. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/output/files.h"
#include "agent/output/tail.h"
#include "agent/output/types.h"

namespace drover::agent::output {

class Reader {
 public:
  // `path` is that of the newest file. Nothing is opened yet.
  Reader(std::string path, Beginning beginning) : path_(std::move(path)), beginning_(beginning) {}

  enum class State {
    data,     // there may be more at once
    looking,  // for where to go on; to be called again at once
    at_end,   // of what there is now
    nothing,  // no file has been there so far
  };
  struct Piece {
    State state = State::nothing;
    std::string data = {};
    bool skipped = false;  // before `data` something is missing that was not kept
  };

  // A bounded piece of work: `bytes`, at least 1, at the most. What an error leaves is not for use.
  Result<Piece> step(std::size_t bytes);

  // Behind all that step() has returned.
  const Position& position() const { return position_; }

 private:
  Result<Piece> begin();
  void begin_at(const std::vector<File>& files);
  Result<Piece> read(std::size_t bytes);
  // At the end of the open file: goes on with the next one, if there is one. False: there is none.
  Result<bool> turn_page();
  Result<bool> turn_to_what_is_kept(const std::vector<File>& files);
  Status open(const Position& position);

  const std::string path_;
  const Beginning beginning_;
  std::optional<TailSearch> search_;
  UniqueFd file_;  // open from the beginning on: what is deleted then can still be read
  Position position_;
  std::uint64_t following_ = 0;  // inode of the file after it, if it was there when it was opened
  bool skipped_ = false;         // not told yet
};

}  // namespace drover::agent::output
