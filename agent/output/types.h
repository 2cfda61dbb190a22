// What is asked of the output of tasks, and what comes of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/ids.h"

namespace drover::agent::output {

// Behind `offset` bytes of a file with this inode.
struct Position {
  std::uint64_t file = 0;
  std::uint64_t offset = 0;

  bool operator==(const Position&) const = default;
};

// Where a reading begins; without any of these, at the oldest byte that is kept.
struct Beginning {
  std::optional<std::uint64_t> tail_lines;  // only so many at the end, of what is there
  std::int64_t since_unix_ms = 0;           // without files that were written to last before it
  std::optional<Position> from;             // where an earlier reading has come to, alone
};

// The numbers of readings are the master's, and unique in a connection.
struct Read {
  std::uint64_t reading = 0;
  AttemptId attempt;  // its number may be 0: the newest of which there is a file
  bool error_output = false;
  Beginning beginning;
  bool follow = false;       // goes on until Finish
  std::uint64_t credit = 0;  // bytes
};
// So many bytes more may be sent.
struct Credit {
  std::uint64_t reading = 0;
  std::uint64_t bytes = 0;
};
// The attempt is over: the reading ends where its files end.
struct Finish {
  std::uint64_t reading = 0;
};
// Nothing more of it, and no End.
struct Cancel {
  std::uint64_t reading = 0;
};
// So many bytes of what was sent, of all readings, have reached the master.
struct Received {
  std::uint64_t bytes = 0;
};
using Request = std::variant<Read, Credit, Finish, Cancel, Received>;

// The first one of a reading comes at once, without bytes where there are none.
struct Chunk {
  std::uint64_t reading = 0;
  std::uint32_t attempt = 0;
  std::string data;
  Position next;
  bool skipped = false;  // before `data` something is missing that was not kept
  bool is_new = false;   // written since the reading had come to the end once
};

enum class EndCause {
  complete,  // all that is there was sent
  nothing,   // no file: nothing was printed, or it is not kept any more
  busy,      // too many readings are under way
  failed,
};

struct End {
  std::uint64_t reading = 0;
  EndCause cause = EndCause::complete;
  std::string text = {};  // `failed`: why
};

struct Answer {
  std::vector<Chunk> chunks;
  std::vector<End> ends;  // after the chunks

  bool empty() const { return chunks.empty() && ends.empty(); }
};

}  // namespace drover::agent::output
