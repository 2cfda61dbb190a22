// Numbers of bytes as people read them. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace drover::cli {

// "512 B", "1.5 GiB", "64 GiB": three digits at the most, and the largest unit that has one.
std::string size_text(std::uint64_t bytes);

}  // namespace drover::cli
