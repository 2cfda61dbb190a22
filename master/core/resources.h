// What nodes have, what groups ask for, and what is left.
#pragma once

#include <compare>
#include <cstdint>

#include "master/core/records.h"

namespace drover::core {

struct Resources {
  std::int64_t cpu_thousandths = 0;  // of one core
  std::int64_t memory_bytes = 0;

  Resources& operator+=(const Resources& other);
  Resources& operator-=(const Resources& other);
  bool fits_in(const Resources& room) const {
    return cpu_thousandths <= room.cpu_thousandths && memory_bytes <= room.memory_bytes;
  }
  bool is_nothing() const { return cpu_thousandths == 0 && memory_bytes == 0; }

  auto operator<=>(const Resources&) const = default;
};
Resources operator-(Resources a, const Resources& b);

// What one copy of the group reserves: what its tasks ask for, together.
Resources demand_of(const GroupSpec& group);

// All that the node has. One that does not say how much memory it has, has as much as is asked for.
Resources capacity_of(const Node& node);

// What is taken of a node.
struct Reserved {
  Resources sum;
  std::uint32_t without_cpu = 0;  // copies that reserve no processor; each may keep a core busy

  void add(const Resources& demand);
  void remove(const Resources& demand);  // which must have been added

  bool operator==(const Reserved&) const = default;
};

}  // namespace drover::core
