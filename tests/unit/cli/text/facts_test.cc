#include "cli/text/facts.h"

#include <gtest/gtest.h>

namespace drover::cli {
namespace {

TEST(Facts, AreAlignedAndOnOneLineEach) {
  Facts facts;
  facts.add("State", {"running", Colour::green});
  facts.add("Cause", "");
  facts.add("Template", "日报\nx");
  EXPECT_EQ(facts.text(Palette(false)),
            "State     running\n"
            "Template  日报\\nx\n");
}

}  // namespace
}  // namespace drover::cli
