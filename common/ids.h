// The names of things. Each id is a type of its own, so that one cannot stand in for another.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace drover {

// 16 bytes as RFC 9562 lays them out; text form is 36 characters, lower case, with hyphens.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  // Exactly the 36-character form, either case; nothing else is a UUID.
  static std::optional<Uuid> parse(std::string_view text);
  // Exactly 16 bytes.
  static std::optional<Uuid> from_bytes(std::string_view raw);

  std::string text() const;
  std::string_view raw() const;  // the 16 bytes; lives as long as *this
  bool is_nil() const { return *this == Uuid{}; }

  auto operator<=>(const Uuid&) const = default;
};

// A version 7 UUID: ordered by `unix_ms`, then by `random`. Pure.
Uuid make_uuid_v7(std::int64_t unix_ms, const std::array<std::uint8_t, 10>& random);

// The same with the wall clock and the kernel's randomness; later calls in one process compare
// greater. Any thread.
Uuid new_uuid();

template <class Tag>
struct TypedUuid {
  Uuid uuid;

  static std::optional<TypedUuid> parse(std::string_view text) {
    if (auto parsed = Uuid::parse(text)) return TypedUuid{*parsed};
    return std::nullopt;
  }
  static std::optional<TypedUuid> from_bytes(std::string_view raw) {
    if (auto parsed = Uuid::from_bytes(raw)) return TypedUuid{*parsed};
    return std::nullopt;
  }
  std::string text() const { return uuid.text(); }
  std::string_view raw() const { return uuid.raw(); }
  auto operator<=>(const TypedUuid&) const = default;
};

using InstanceId = TypedUuid<struct InstanceTag>;
using NodeId = TypedUuid<struct NodeTag>;

// What fills one slot of an instance, for the generation-th time (from 1). A slot is one wanted
// copy of a group; of an instance that wants one of each, slot n is that of group n.
struct AllocationId {
  InstanceId instance;
  std::uint32_t slot = 0;
  std::uint32_t generation = 1;

  // "<instance>.<slot>.<generation>"; also a safe file name.
  std::string text() const;
  static std::optional<AllocationId> parse(std::string_view text);
  auto operator<=>(const AllocationId&) const = default;
};

// One execution of one task of an allocation; `attempt` counts from 1.
struct AttemptId {
  AllocationId allocation;
  std::uint32_t task = 0;
  std::uint32_t attempt = 1;

  // "<allocation>.<task>.<attempt>"
  std::string text() const;
  static std::optional<AttemptId> parse(std::string_view text);
  auto operator<=>(const AttemptId&) const = default;
};

// Numbers that must not be mixed up.
template <class Tag>
struct TypedNumber {
  std::uint64_t value = 0;
  auto operator<=>(const TypedNumber&) const = default;
};

using Epoch = TypedNumber<struct EpochTag>;        // incarnation of the master
using Index = TypedNumber<struct IndexTag>;        // committed batch of changes
using SessionId = TypedNumber<struct SessionTag>;  // agent connection; never reused by a master

}  // namespace drover

template <>
struct std::hash<drover::Uuid> {
  std::size_t operator()(const drover::Uuid& uuid) const noexcept;
};

template <class Tag>
struct std::hash<drover::TypedUuid<Tag>> {
  std::size_t operator()(const drover::TypedUuid<Tag>& id) const noexcept {
    return std::hash<drover::Uuid>()(id.uuid);
  }
};

template <>
struct std::hash<drover::AllocationId> {
  std::size_t operator()(const drover::AllocationId& id) const noexcept {
    return std::hash<drover::InstanceId>()(id.instance) ^ (id.slot * 0x9e3779b97f4a7c15ULL) ^
           (id.generation * 0xc2b2ae3d27d4eb4fULL);
  }
};

template <class Tag>
struct std::hash<drover::TypedNumber<Tag>> {
  std::size_t operator()(const drover::TypedNumber<Tag>& number) const noexcept {
    return std::hash<std::uint64_t>()(number.value);
  }
};
