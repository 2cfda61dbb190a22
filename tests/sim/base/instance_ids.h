// The ids of instances, whoever makes them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/ids.h"
#include "tests/sim/base/events.h"

namespace drover::sim {

class InstanceIds {
 public:
  explicit InstanceIds(const Events& events) : events_(events) {}

  // Greater than any before.
  InstanceId next() {
    std::array<std::uint8_t, 10> random{};
    ++last_;
    for (std::size_t place = 0; place < 8; ++place) {
      random[9 - place] = static_cast<std::uint8_t>(last_ >> (8 * place));
    }
    return InstanceId{make_uuid_v7(1'700'000'000'000 + events_.now(), random)};
  }

 private:
  const Events& events_;
  std::uint64_t last_ = 0;
};

}  // namespace drover::sim
