// The wall clock of programs that have tests/chaos/wall_clock.cc loaded: its file.
#pragma once

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>

#include "tests/support/temp_dir.h"

namespace drover::test {

class WallClock {
 public:
  WallClock() { set(std::chrono::nanoseconds(0)); }
  std::string path() const { return directory_ / "offset"; }
  // By so much it is off from now on.
  void set(std::chrono::nanoseconds offset) const {
    const std::int64_t nanoseconds = offset.count();
    std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
    if (!file) file.open(path(), std::ios::binary | std::ios::out);
    file.write(reinterpret_cast<const char*>(&nanoseconds), sizeof nanoseconds);
  }

 private:
  TempDir directory_;
};

}  // namespace drover::test
