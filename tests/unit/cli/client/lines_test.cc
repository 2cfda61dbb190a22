#include "cli/client/lines.h"

#include <gtest/gtest.h>

#include <vector>

namespace drover::cli {
namespace {

TEST(Lines, ArePutTogetherFromPieces) {
  Lines lines;
  std::vector<std::string> seen;
  for (const char* piece : {"one\ntw", "", "o\n\nthr", "ee"}) {
    lines.add(piece, [&](std::string_view line) { seen.emplace_back(line); });
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"one", "two", ""})) << "the rest has no end yet";
}

}  // namespace
}  // namespace drover::cli
