// The layout of the store. Numbers in keys are big endian, so that their order is the bytes' order.
//
//   column family    key                               value (see record_codec.h, sealed.h)
//   default          "schema"                          the format's number, in decimal
//                    "meta", "meta_copy"               Meta: last index, epoch, size of the history
//   templates        name                              Template       the newest version
//                    name, 0, version                  Template       an earlier one
//   instances        instance id                       Instance       hot: has not ended
//   allocations      instance id, slot                 Allocation     hot
//   nodes            node id                           Node
//   history          instance id                       FinishedInstance
//   history_order    index, instance id                when it ended, as Meta::running, in ms
//   events           index                             EventBatch: what that batch has told
//   request_keys     a client's key                    UsedKey: what it was used for
//   request_order    index                             KeyBatch: when, as Meta::running, which keys
//   quarantine       family, '/', key, unix ms         Quarantined: what could not be read
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/ids.h"

namespace drover::store {

// The layout that this program knows, and one that it can make into it. A store with another number
// is not touched.
inline constexpr int kSchema = 3;
inline constexpr int kFormerSchema = 2;  // had no events and no keys

inline constexpr char kSchemaKey[] = "schema";
inline constexpr char kMetaKey[] = "meta";
inline constexpr char kMetaCopyKey[] = "meta_copy";

std::string big_endian(std::uint64_t number);                          // 8 bytes
std::optional<std::uint64_t> from_big_endian(std::string_view bytes);  // exactly 8 bytes
// No name has a zero byte.
std::string former_template_key(const std::string& name, std::uint32_t version);
std::string allocation_key(const InstanceId& instance, std::uint32_t slot);
// Instance and slot; nothing: it is no such key.
std::optional<std::pair<InstanceId, std::uint32_t>> parse_allocation_key(std::string_view key);
std::string history_order_key(Index index, const InstanceId& instance);
std::optional<InstanceId> instance_of_history_order_key(std::string_view key);
std::string quarantine_key(std::string_view family, std::string_view key, std::int64_t unix_ms);

}  // namespace drover::store
