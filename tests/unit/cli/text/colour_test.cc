#include "cli/text/colour.h"

#include <gtest/gtest.h>

namespace drover::cli {
namespace {

TEST(Palette, PaintsOnlyWhereItShall) {
  EXPECT_EQ(Palette(true).paint("x", Colour::red), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(Palette(true).paint("x", Colour::plain), "x");
  EXPECT_EQ(Palette(true).paint("", Colour::red), "");
  EXPECT_EQ(Palette(false).paint("x", Colour::red), "x");
}

TEST(Colours, OfStates) {
  EXPECT_EQ(colour_of_state("running"), Colour::green);
  EXPECT_EQ(colour_of_state("pending"), Colour::yellow);
  EXPECT_EQ(colour_of_state("lost"), Colour::red);
  EXPECT_EQ(colour_of_state("stopped"), Colour::plain);
}

}  // namespace
}  // namespace drover::cli
