// How long a master takes to be ready on a store that is there.
#pragma once

#include <chrono>
#include <string>

namespace drover::bench {

// Whether the system still has the store's files in memory.
enum class Cache { warm, cold };

// Starts a master on it, up to its line `ready`, and kills it with SIGKILL.
std::chrono::nanoseconds time_start(const std::string& data_dir, Cache cache);

}  // namespace drover::bench
