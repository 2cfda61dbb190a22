// How long the master takes this node for alive, as far as the node can know. Pure: time is given.
// One thread.
//
// The node numbers its heartbeats and remembers when it sent each. Once the master says that it has
// dealt with number n, it gives the node its lease from then on, and n was sent before that: the
// lease lasts at least until the time of sending plus its length. Nothing is compared between the
// clocks of two machines; what they differ in speed is left as a margin.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace drover::agent::link {

// Of one session.
class Lease {
 public:
  // From 1.
  std::uint64_t heartbeat_sent(std::int64_t steady_ms);

  // As the master's welcome says it; 0: it gives none.
  void set_length(std::int64_t lease_ms) { length_ms_ = lease_ms; }

  // The master has dealt with this heartbeat: until when the lease lasts, in steady ms. Nothing if
  // that is no news.
  std::optional<std::int64_t> acknowledged(std::uint64_t heartbeat);

 private:
  struct Sent {
    std::uint64_t number = 0;
    std::int64_t steady_ms = 0;
  };
  std::int64_t length_ms_ = 0;  // 0: not known yet
  std::uint64_t last_ = 0;
  std::deque<Sent> unacknowledged_;  // in order
};

}  // namespace drover::agent::link
