// The corpus of each target is replayed: what was found once is not found again.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fuzz/targets.h"

namespace drover::fuzz {
namespace {

namespace fs = std::filesystem;

struct Target {
  std::string name;
  void (*run)(std::string_view bytes);
};

void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

std::vector<fs::path> files_of(const Target& target) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(DROVER_CORPUS) / target.name)) {
    files.push_back(entry.path());
  }
  return files;
}

class Corpus : public testing::TestWithParam<Target> {};

TEST_P(Corpus, IsReplayed) {
  const auto files = files_of(GetParam());
  EXPECT_GT(files.size(), 5U);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file);
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    // Without a NUL behind them, so that AddressSanitizer sees who reads on.
    const std::string text = bytes.str();
    const std::vector<char> exact(text.begin(), text.end());
    GetParam().run({exact.data(), exact.size()});
  }
}

TEST_P(Corpus, NothingAtAllIsTakenToo) {
  GetParam().run("");
  GetParam().run(std::string_view("\0", 1));
}

INSTANTIATE_TEST_SUITE_P(Targets, Corpus,
                         testing::Values(Target{"body", fuzz_body}, Target{"call", fuzz_call},
                                         Target{"query", fuzz_query},
                                         Target{"request", fuzz_request},
                                         Target{"route", fuzz_route}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace drover::fuzz
