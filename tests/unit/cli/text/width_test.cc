#include "cli/text/width.h"

#include <gtest/gtest.h>

namespace drover::cli {
namespace {

TEST(Width, ChineseTakesTwoColumns) {
  EXPECT_EQ(width_of(""), 0U);
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("数据清洗器"), 10U);
  EXPECT_EQ(width_of("日报-2"), 6U);
  EXPECT_EQ(width_of("ｶﾅ"), 2U) << "half width kana";
}

TEST(Width, MarksTakeNone) {
  EXPECT_EQ(width_of("e\xcc\x81"), 1U) << "e and a combining acute accent";
  EXPECT_EQ(width_of("👨‍👩‍👧"), 2U) << "three people joined to a family";
}

TEST(Printable, NothingReachesTheTerminalThatChangesIt) {
  EXPECT_EQ(printable("plain 中文"), "plain 中文");
  EXPECT_EQ(printable("a\nb\tc\r"), "a\\nb\\tc\\r");
  EXPECT_EQ(printable("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(printable("\xc2\x9b"), "\\x9b") << "a control character beyond ASCII";
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b"),
            "a\\u202eb")
      << "writes from right to left";
  EXPECT_EQ(printable("a\xff\xe4\xb8z"), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Cut, NeverTakesMoreColumnsThanThereAre) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdef", 5), "abcd…");
  EXPECT_EQ(cut("abcdef", 1), "…");
  EXPECT_EQ(cut("abcdef", 0), "");
  EXPECT_EQ(cut("数据清洗器", 10), "数据清洗器");
  EXPECT_EQ(cut("数据清洗器", 9), "数据清洗…");
  EXPECT_EQ(cut("数据清洗器", 8), "数据清…") << "half a character is none";
  for (std::size_t columns = 0; columns < 12; ++columns) {
    EXPECT_LE(width_of(cut("a数b据c清d", columns)), columns);
  }
}

TEST(Cut, KeepsCharactersWhole) {
  EXPECT_EQ(cut("e\xcc\x81"
                "e\xcc\x81xyz",
                3),
            "e\xcc\x81"
            "e\xcc\x81…");
}

TEST(Padded, FillsByColumns) {
  EXPECT_EQ(padded("ab", 4), "ab  ");
  EXPECT_EQ(padded("数据", 6), "数据  ");
  EXPECT_EQ(padded("abcde", 4), "abcde");
}

}  // namespace
}  // namespace drover::cli
