// A state directory that goes away with the test.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "agent/state/layout.h"

namespace drover::agent::state {

class WithLayout : public testing::Test {
 protected:
  WithLayout() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "drover-agent-state-XXXXXX").string();
    layout_.root = ::mkdtemp(pattern.data());
  }
  ~WithLayout() override { std::filesystem::remove_all(layout_.root); }

  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  static void write(const std::string& path, const std::string& content) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << content;
  }

  Layout layout_;
};

inline AllocationId allocation(std::uint8_t number) {
  AllocationId id;
  id.instance.uuid.bytes[15] = number;
  return id;
}

}  // namespace drover::agent::state
