// The layout of the store. Numbers in keys are big endian, so that their order is the bytes' order.
//
//   column family    key                               value (see record_codec.h)
//   default          "schema"                          the format's number, in decimal
//                    "meta"                            Meta: last index, epoch, size of the history
//   templates        name                              Template
//   instances        instance id                       Instance       hot: has not ended
//   allocations      instance id, group                Allocation     hot
//   nodes            node id                           Node
//   history          instance id                       FinishedInstance
//   history_order    index, instance id                when it ended, unix milliseconds
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/ids.h"

namespace drover::store {

// The newest layout that this program knows. A store with a higher number is not touched.
inline constexpr int kSchema = 1;

inline constexpr char kSchemaKey[] = "schema";
inline constexpr char kMetaKey[] = "meta";

std::string big_endian(std::uint64_t number);                          // 8 bytes
std::optional<std::uint64_t> from_big_endian(std::string_view bytes);  // exactly 8 bytes
std::string allocation_key(const InstanceId& instance, std::uint32_t group);
std::string history_order_key(Index index, const InstanceId& instance);
std::optional<InstanceId> instance_of_history_order_key(std::string_view key);

}  // namespace drover::store
