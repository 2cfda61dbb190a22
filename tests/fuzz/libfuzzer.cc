// One target as a fuzzer: libFuzzer has the main function. DROVER_FUZZ_TARGET names it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const void* bytes = data;
  drover::fuzz::DROVER_FUZZ_TARGET({static_cast<const char*>(bytes), size});
  return 0;
}
