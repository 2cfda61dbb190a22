// The format of the stored records: a message of proto/drover/record.proto, sealed (sealed.h).
// The only place that maps records to bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/ids.h"
#include "common/result.h"
#include "master/core/records.h"

namespace drover::store {

// Each decoder's error says what is wrong with the bytes. Pure; any thread.
std::string encode(const core::Template& record);
Result<core::Template> decode_template(std::string_view bytes);

std::string encode(const core::Instance& record);
Result<core::Instance> decode_instance(std::string_view bytes);

std::string encode(const core::Allocation& record);
Result<core::Allocation> decode_allocation(std::string_view bytes);

std::string encode(const core::Node& record);
Result<core::Node> decode_node(std::string_view bytes);

std::string encode(const core::FinishedInstance& record);
Result<core::FinishedInstance> decode_finished(std::string_view bytes);

std::string encode(const core::UsedKey& record);
Result<core::UsedKey> decode_used_key(std::string_view bytes);

// The keys that one batch of changes has used, and when, in terms of Meta::running.
struct KeyBatch {
  std::chrono::milliseconds used_at{0};
  std::vector<std::string> keys;
};
std::string encode(const KeyBatch& record);
Result<KeyBatch> decode_key_batch(std::string_view bytes);

// Where the store stands.
struct Meta {
  Index index;
  Epoch epoch;
  std::uint64_t finished_count = 0;
  // For how long masters have run on this store, as far as was written down: the clock of the
  // history, which no wall clock can set.
  std::chrono::milliseconds running{0};
  std::uint64_t event_count = 0;  // those that were dropped as well
  Index events_dropped_to = {};   // events up to this batch's are gone
};
std::string encode(const Meta& record);
Result<Meta> decode_meta(std::string_view bytes);

// A record that could not be read, as it was, and why.
struct Quarantined {
  std::string family;
  std::string key;
  std::string value;
  std::string reason;
  core::UnixMs at = 0;
};
std::string encode(const Quarantined& record);
Result<Quarantined> decode_quarantined(std::string_view bytes);

}  // namespace drover::store
