// Checks over the network: whether something listens, or answers an HTTP request as it should.
//
// One thread for all of them, made with the first: a node without such checks pays nothing. Each
// check has one time limit, from the look-up of the name to the last byte that is wanted; of an
// answer no more is read than its head.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "agent/core/io.h"

namespace drover::agent::health {

class Prober {
 public:
  // `on_done`: called on another thread whenever take() has something; until the destructor is
  // over.
  explicit Prober(std::function<void()> on_done);
  // Whatever is under way is dropped.
  ~Prober();
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  // --- One thread ---
  void begin(const core::Probe& probe);
  // What has come to something since the last call, in that order.
  std::vector<core::Checked> take();

 private:
  class Work;  // what the thread works with

  const std::function<void()> on_done_;
  std::unique_ptr<Work> work_;  // null until the first check
};

}  // namespace drover::agent::health
