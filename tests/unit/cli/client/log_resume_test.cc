#include "cli/client/log_resume.h"

#include <gtest/gtest.h>

#include <vector>

namespace drover::cli {
namespace {

class LogResumeTest : public testing::Test {
 protected:
  // What is new of these lines of one stream.
  std::vector<std::string> see(const std::vector<std::string>& lines, bool error_output = false) {
    std::vector<std::string> fresh;
    for (const std::string& line : lines) {
      LogEntry entry;
      entry.task = "0[0].t";
      entry.attempt = 1;
      entry.error_output = error_output;
      entry.text = line;
      if (resume_.is_new(entry, warn_)) fresh.push_back(entry.text);
    }
    return fresh;
  }
  bool see(LogEntry::Kind kind, const std::string& text) {
    LogEntry entry;
    entry.kind = kind;
    entry.task = "0[0].t";
    entry.text = text;
    return resume_.is_new(entry, warn_);
  }

  using Texts = std::vector<std::string>;
  LogResume resume_;
  Texts warnings_;
  LogResume::Warn warn_ = [this](const std::string& text) { warnings_.push_back(text); };
};

TEST_F(LogResumeTest, EachLineIsNewOnce) {
  EXPECT_EQ(see({"a", "a", ""}), (Texts{"a", "a", ""}));
  resume_.begin_again();
  EXPECT_EQ(see({"a", "a", "", "", "b"}), (Texts{"", "b"}));
  resume_.begin_again();
  EXPECT_EQ(see({"a"}), Texts{}) << "broken before it had caught up";
  resume_.begin_again();
  EXPECT_EQ(see({"a", "a", "", "", "b", "c"}), Texts{"c"});
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(LogResumeTest, StreamsAreCountedApart) {
  EXPECT_EQ(see({"a", "b"}), (Texts{"a", "b"}));
  EXPECT_EQ(see({"a"}, true), Texts{"a"});
  resume_.begin_again();
  EXPECT_EQ(see({"a", "c"}, true), Texts{"c"});
  EXPECT_EQ(see({"a", "b", "c"}), Texts{"c"});
}

TEST_F(LogResumeTest, OfALineThatWasCutTheRestIsNew) {
  EXPECT_EQ(see({"a", "hal"}), (Texts{"a", "hal"}));
  resume_.begin_again();
  EXPECT_EQ(see({"a", "half", "b"}), (Texts{"f", "b"}));
  resume_.begin_again();
  EXPECT_EQ(see({"a", "half", "b"}), Texts{});
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(LogResumeTest, WhereTheBeginningIsGoneItIsSaid) {
  EXPECT_EQ(see({"1", "2", "3"}), (Texts{"1", "2", "3"}));
  resume_.begin_again();
  EXPECT_EQ(see({"2", "3", "4", "5"}), (Texts{"4", "5"}));
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_.front().find("0[0].t#1 has printed"), std::string::npos);
}

TEST_F(LogResumeTest, EndsAndNotesAreSaidOnceAndGapsEachTime) {
  EXPECT_TRUE(see(LogEntry::Kind::ended, "exited with 0"));
  EXPECT_TRUE(see(LogEntry::Kind::note, "nothing"));
  EXPECT_TRUE(see(LogEntry::Kind::partial, "silent"));
  resume_.begin_again();
  EXPECT_FALSE(see(LogEntry::Kind::ended, "exited with 0"));
  EXPECT_FALSE(see(LogEntry::Kind::note, "nothing"));
  EXPECT_TRUE(see(LogEntry::Kind::partial, "silent"));
}

}  // namespace
}  // namespace drover::cli
