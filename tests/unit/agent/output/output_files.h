// Output of attempts as a supervisor leaves it, in a state directory that goes with the test.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "agent/state/layout.h"
#include "common/ids.h"
#include "tests/support/temp_dir.h"

namespace drover::agent::output {

inline AttemptId attempt(std::uint32_t number, std::uint32_t task = 0) {
  AttemptId id;
  id.allocation.instance.uuid.bytes[15] = 7;
  id.task = task;
  id.attempt = number;
  return id;
}

class OutputFiles : public testing::Test {
 protected:
  std::string path(const AttemptId& id = attempt(1), const std::string& suffix = ".stdout") const {
    return layout_.output_of(id) + suffix;
  }

  static void append(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary | std::ios::app) << text;
  }

  // As the supervisor does it: PATH becomes PATH.1, and so on; at most `files` in all.
  static void rotate(const std::string& path, int files) {
    const auto name = [&path](int age) {
      return age == 0 ? path : path + "." + std::to_string(age);
    };
    for (int age = files - 1; age > 0; --age) {
      if (std::filesystem::exists(name(age - 1))) {
        std::filesystem::rename(name(age - 1), name(age));
      }
    }
    if (files == 1) std::filesystem::remove(path);
  }

  TempDir directory_;
  const state::Layout layout_{directory_.path()};
};

}  // namespace drover::agent::output
