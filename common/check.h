// DROVER_CHECK: an assertion that is always on. It guards against our own mistakes only; what the
// world can get wrong is a Result.
#pragma once

namespace drover {

// Prints the place and the condition to stderr and aborts. Any thread.
[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               const char* explanation);

}  // namespace drover

#define DROVER_CHECK(condition, explanation) \
  (static_cast<bool>(condition)              \
       ? static_cast<void>(0)                \
       : ::drover::check_failed(__FILE__, __LINE__, #condition, explanation))
