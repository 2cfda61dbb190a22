#include "agent/link/call.h"

#include <atomic>

namespace drover::agent::link {
namespace {

std::atomic<unsigned> handovers = 0;

}  // namespace

void Operations::hand_over() { handovers.fetch_add(1, std::memory_order_release); }

void Operations::complete(void* tag, bool ok) {
  static_cast<void>(handovers.load(std::memory_order_acquire));
  const auto* operation = static_cast<Operation*>(tag);
  operation->of->on_completion(operation->step, ok);
}

}  // namespace drover::agent::link
