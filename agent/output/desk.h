// All readings of one connection: who may send how much, and whose turn it is. Reads files; knows
// neither time nor threads. One thread.
//
//   Read ──► looking, sending ──► end of the files ──┬── follow: waits for what is written ──┐
//                 ▲      no credit: waits for Credit │                                       │
//                 └──────────────────────────────────┼───────────────────────────────────────┘
//                                                    └── not, or no more (Finish): End
//
// Each reading has credit of its own, so that a reader who does not read stops nobody else's.
// Beside that no more than limits::kOutputBytesInFlight of all readings are on their way to the
// master at a time, so that little can be before a heartbeat on the same connection.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "agent/output/reader.h"
#include "agent/output/types.h"
#include "agent/state/layout.h"

namespace drover::agent::output {

class Desk {
 public:
  explicit Desk(state::Layout layout) : layout_(std::move(layout)) {}

  void take(const Request& request);

  // What there is to say now, at most limits::kOutputChunkBytes of data, from as many readings in
  // turn as it takes. `look`: those that wait at the end of their files look for more.
  Answer turn(bool look);

  // Whether another turn may have something to say without a request or a look.
  bool has_more() const { return !refused_.empty() || (room() > 0 && is_any(&Reading::is_ready)); }
  bool is_idle() const { return readings_.empty() && refused_.empty(); }
  // Whether a reading waits for what will be written.
  bool waits() const { return is_any(&Reading::waits_for_more); }

 private:
  struct Reading {
    Reading(const Read& read, Reader from) : id(read.reading), reader(std::move(from)) {}

    std::uint64_t id;
    Reader reader;
    std::uint32_t attempt = 0;
    std::uint64_t credit = 0;
    bool follow = false;
    bool at_end = false;  // as far as it is known
    bool was_at_end = false;
    bool is_new = true;  // nothing was said of it yet
    bool is_ready() const { return is_new || (!at_end && credit > 0); }
    bool waits_for_more() const { return at_end && follow && credit > 0; }
  };
  using Readings = std::list<Reading>;

  void begin(const Read& read);
  Readings::iterator find(std::uint64_t id);
  // One step of it; whether it goes on.
  bool serve(Reading& reading, Answer& answer, std::size_t& bytes_left);
  bool end(const Reading& reading, EndCause cause, Answer& answer, std::string text = {}) const;
  std::size_t room() const;
  bool is_any(bool (Reading::*what)() const) const;

  const state::Layout layout_;
  Readings readings_;  // the one whose turn it is first
  std::vector<End> refused_;
  std::uint64_t in_flight_ = 0;  // bytes
};

}  // namespace drover::agent::output
