// Output of tasks, as who shows it asks for it, whatever brings it from the nodes.
//
//   Reader::read ──► Reading   grant(bytes) as the listener has dealt with what it was given;
//                       │      finish() when the attempt is over; destroyed: no more is wanted
//                       ▼
//                    Listener  on_chunk ... on_chunk, on_end
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/ids.h"

namespace drover::output {

// A place in the output of an attempt; means something to its node alone.
struct Position {
  std::uint64_t file = 0;
  std::uint64_t offset = 0;

  bool operator==(const Position&) const = default;
};

struct Request {
  NodeId node;
  AttemptId attempt;  // its number may be 0: the newest of which the node has output
  bool error_output = false;
  std::optional<std::uint64_t> tail_lines = std::nullopt;  // only so many at the end
  std::int64_t since_unix_ms = 0;               // without files that were written to last before it
  std::optional<Position> from = std::nullopt;  // where an earlier reading has come to, alone
  bool follow = false;                          // goes on until finish()
};

struct Chunk {
  std::uint32_t attempt = 0;
  std::string data;              // at most limits::kOutputChunkBytes; the first one may have none
  std::optional<Position> next;  // behind `data`
  bool skipped = false;          // before `data` something is missing that was not kept
  std::int64_t read_at = 0;      // ms since 1970, by the node's clock; 0: it may be old
};

enum class EndCause {
  complete,   // all that is there was brought
  nothing,    // nothing was printed, or it is not kept any more
  busy,       // too many read already
  failed,     // the node could not read it
  node_gone,  // its connection has ended
};

struct End {
  EndCause cause = EndCause::complete;
  std::string text = {};  // what a person wants to know beside it
};

// Called on any thread, for one reading by one thread at a time; must not block. May still be
// called while its Reading is being destroyed, and never after an end.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_chunk(Chunk chunk) = 0;
  virtual void on_end(End end) = 0;
};

// Any thread.
class Reading {
 public:
  Reading() = default;
  virtual ~Reading() = default;
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  // So many bytes more may come. A reading begins with limits::kOutputCredit; what was given is
  // granted again when it has been dealt with.
  virtual void grant(std::uint64_t bytes) = 0;
  // The attempt is over: the reading ends where what is there ends.
  virtual void finish() = 0;
};

// Any thread.
class Reader {
 public:
  virtual ~Reader() = default;
  // A node that is not connected is waited for: how long is for the caller to decide. The listener
  // may be called before this returns.
  virtual std::unique_ptr<Reading> read(const Request& request,
                                        std::shared_ptr<Listener> listener) = 0;
};

}  // namespace drover::output
