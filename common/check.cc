#include "common/check.h"

#include <cstdio>
#include <cstdlib>

namespace drover {

void check_failed(const char* file, int line, const char* condition, const char* explanation) {
  std::fprintf(stderr, "%s:%d: check failed: %s: %s\n", file, line, condition, explanation);
  std::fflush(stderr);
  std::abort();
}

}  // namespace drover
