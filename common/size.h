// Sizes as people write them: a number and a unit, "512MiB", "64KiB", "10GB".
#pragma once

#include <cstdint>
#include <string_view>

#include "common/result.h"

namespace drover {

// Bytes. Whole numbers with one of B, KiB, MiB, GiB, TiB, or KB, MB, GB, TB of a thousand each.
// The error shows a right example.
Result<std::uint64_t> parse_size(std::string_view text);

}  // namespace drover
