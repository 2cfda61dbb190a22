// Pauses before something is tried again. Pure; any thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace drover {

// `first`, doubled so many times, and never more than `longest`.
std::chrono::milliseconds doubled(std::chrono::milliseconds first,
                                  std::chrono::milliseconds longest, std::uint32_t times);

// `pause` and up to half as long again, so that many that failed together do not come back
// together. How much is decided by `bits`: of any two, by
// chance.
std::chrono::milliseconds spread(std::chrono::milliseconds pause, std::uint64_t bits);

}  // namespace drover
