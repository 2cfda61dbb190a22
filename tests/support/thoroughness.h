// How many of the cases of an exhaustive test are tried.
#pragma once

#include <cstddef>

namespace drover::test {

// Every one of them; with a sanitizer, under which each takes ten times as long, every seventh.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::size_t kStride = 7;
#else
inline constexpr std::size_t kStride = 1;
#endif

}  // namespace drover::test
