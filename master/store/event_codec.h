// The format of the stored events: record.EventBatch, sealed. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "master/core/events.h"

namespace drover::store {

struct StoredEvents {
  std::uint64_t before = 0;  // how many events there were before these
  std::vector<core::ClusterEvent> events;
};

std::string encode(const std::vector<core::ClusterEvent>& events, std::uint64_t before);
// The error says what is wrong with the bytes.
Result<StoredEvents> decode_events(std::string_view bytes);

}  // namespace drover::store
