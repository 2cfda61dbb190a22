// Durations as people write them: a number and a unit, "250ms", "10s", "5m", "2h".
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/result.h"

namespace drover {

// Whole numbers with one of ms, s, m, h. The error shows a right example.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace drover
