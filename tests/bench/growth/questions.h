// What one client asks of a master in this process, one request after another.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/ids.h"
#include "tests/bench/support/http_load.h"

namespace drover::bench {

class Questions {
 public:
  // `subjects`: instances in the order of their making; twice kPage or more of all that are stored
  // lie between the first and the last. `newest`: those that were deployed last, more than kPage.
  Questions(std::uint16_t port, std::vector<InstanceId> subjects,
            const std::vector<InstanceId>& newest);

  // Records on a page, and deploys that events are read of.
  static constexpr std::size_t kPage = 50;

  void status();  // of the next subject
  void list();    // a page in the middle of the subjects
  void events();  // those of the kPage newest deploys
  void deploy();  // until it is durable

 private:
  std::string ask(const std::string& request);

  const std::uint16_t port_;
  const std::vector<InstanceId> subjects_;
  KeepAliveConnection connection_;
  std::size_t next_ = 0;
  std::string list_;
  // Of events, which come as a stream.
  KeepAliveConnection stream_;
  Received received_;
  std::string events_;
};

// Microseconds of CPU for each call of `question`, of all threads of this process but the one that
// calls, which is the client's: repeated for `time`, and `most` times at most.
double server_cpu_of(const std::function<void()>& question, std::chrono::nanoseconds time,
                     int most);

}  // namespace drover::bench
