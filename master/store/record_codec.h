// The format of the stored records: one format byte, then a message of proto/drover/record.proto.
// The only place that maps records to bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

// Where the store stands.
struct Meta {
  Index index;
  Epoch epoch;
  std::uint64_t finished_count = 0;
};
std::string encode(const Meta& record);
Result<Meta> decode_meta(std::string_view bytes);

}  // namespace drover::store
