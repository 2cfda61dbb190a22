// One output stream of one attempt, on its way to one client: what has come and was not taken yet,
// and how long its node may be silent. It goes on by itself where the connection of its node
// breaks.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "master/http/answer.h"
#include "master/output/reader.h"

namespace drover::http {

class LogLane {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `wake` is called when take() has something, on any thread. `reader` must outlive the lane.
  LogLane(output::Reader& reader, output::Request request, Wake wake, Time now);

  // --- One thread ---

  struct News {
    std::optional<output::Chunk> chunk;
    std::optional<output::End> end;  // never node_gone; nothing comes after it
  };
  // The next piece, if there is one. Whoever takes it has dealt with it when he comes again.
  News take(Time now);

  // The attempt is over.
  void finish(Time now);

  // When its node, which owes something, will have been silent for too long; nothing: it owes
  // nothing.
  std::optional<Time> deadline() const;

 private:
  class Inbox;

  void open();

  output::Reader& reader_;
  output::Request request_;
  const Wake wake_;
  std::shared_ptr<Inbox> inbox_;
  std::unique_ptr<output::Reading> reading_;
  bool was_answered_ = false;  // since it was opened last
  Time heard_;                 // when it was last heard of, or asked for more
};

}  // namespace drover::http
