// Reading files that are written to and renamed meanwhile.
#include "agent/output/reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

#include "common/limits.h"
#include "tests/unit/agent/output/output_files.h"

namespace drover::agent::output {
namespace {

namespace fs = std::filesystem;

class ReaderTest : public OutputFiles {
 protected:
  struct All {
    std::string text;
    int skips = 0;
    bool nothing = false;
  };
  // Whatever can be read now, in pieces of this size.
  static All read(Reader& reader, std::size_t bytes = 5) {
    All all;
    for (int steps = 0; steps < 1'000'000; ++steps) {
      auto piece = reader.step(bytes);
      if (!piece) {
        ADD_FAILURE() << piece.error().message;
        return all;
      }
      EXPECT_LE(piece->data.size(), bytes);
      all.text += piece->data;
      if (piece->skipped) ++all.skips;
      all.nothing = piece->state == Reader::State::nothing;
      if (all.nothing || piece->state == Reader::State::at_end) return all;
    }
    ADD_FAILURE() << "it never comes to an end";
    return all;
  }
  All read_all(Beginning beginning = {}) {
    Reader reader(path(), std::move(beginning));
    return read(reader);
  }
  std::string tail(std::uint64_t lines) {
    return read_all({.tail_lines = lines, .since_unix_ms = 0, .from = {}}).text;
  }
};

TEST_F(ReaderTest, WhereNothingWasPrintedThereIsNothing) {
  EXPECT_TRUE(read_all().nothing);
  fs::create_directories(fs::path(path()).parent_path());
  EXPECT_TRUE(read_all().nothing);
  EXPECT_TRUE(read_all({.tail_lines = 3, .since_unix_ms = 0, .from = {}}).nothing);
}

TEST_F(ReaderTest, FilesAreReadFromTheOldestOn) {
  append(path() + ".2", "one\ntw");
  append(path() + ".1", "o\nthree\n");
  append(path(), "four");
  const All all = read_all();
  EXPECT_EQ(all.text, "one\ntwo\nthree\nfour");
  EXPECT_EQ(all.skips, 0);
}

TEST_F(ReaderTest, WhatIsWrittenLaterFollows) {
  Reader reader(path(), {});
  EXPECT_TRUE(read(reader).nothing);
  append(path(), "a");
  EXPECT_EQ(read(reader).text, "a");
  EXPECT_EQ(read(reader).text, "");
  append(path(), "bc\n");
  EXPECT_EQ(read(reader).text, "bc\n");
}

TEST_F(ReaderTest, AReadingGoesThroughRotations) {
  Reader reader(path(), {});
  append(path(), "first\n");
  EXPECT_EQ(read(reader).text, "first\n");
  append(path(), "more of the first\n");
  rotate(path(), 3);
  append(path(), "second\n");
  rotate(path(), 3);
  append(path(), "third\n");
  const All all = read(reader);
  EXPECT_EQ(all.text, "more of the first\nsecond\nthird\n");
  EXPECT_EQ(all.skips, 0);
}

TEST_F(ReaderTest, ARotationWithoutANewFileIsNoEnd) {
  Reader reader(path(), {});
  append(path(), "first\n");
  EXPECT_EQ(read(reader).text, "first\n");
  rotate(path(), 2);
  EXPECT_EQ(read(reader).text, "");
  append(path(), "second\n");
  EXPECT_EQ(read(reader).text, "second\n");
}

TEST_F(ReaderTest, WhatWasDeletedMeanwhileIsSkippedOnceAndSaid) {
  Reader reader(path(), {});
  append(path(), "first\n");
  EXPECT_EQ(read(reader, 3).text, "first\n");
  for (const char* text : {"second\n", "third\n", "fourth\n"}) {
    rotate(path(), 2);
    append(path(), text);
  }
  const All all = read(reader);
  EXPECT_EQ(all.text, "third\nfourth\n");
  EXPECT_EQ(all.skips, 1);
}

// The file that is being read is held: only what was never opened can be missed.
TEST_F(ReaderTest, WhatIsDeletedWhileItIsReadIsReadToItsEnd) {
  append(path() + ".1", "first, and long\n");
  append(path(), "second\n");
  Reader reader(path(), {});
  std::string text;
  while (text.empty()) text += reader.step(4)->data;
  EXPECT_EQ(text, "firs");
  rotate(path(), 2);
  append(path(), "third\n");
  const All all = read(reader);
  EXPECT_EQ(all.text, "t, and long\nsecond\nthird\n");
  EXPECT_EQ(all.skips, 0);
}

TEST_F(ReaderTest, OneFileAloneIsFollowedToo) {
  Reader reader(path(), {});
  append(path(), "first\n");
  EXPECT_EQ(read(reader).text, "first\n");
  rotate(path(), 1);
  append(path(), "second\n");
  EXPECT_EQ(read(reader).text, "second\n");
}

TEST_F(ReaderTest, ATailBeginsWithALine) {
  append(path(), "1\n22\n333\n");
  EXPECT_EQ(tail(0), "");
  EXPECT_EQ(tail(1), "333\n");
  EXPECT_EQ(tail(2), "22\n333\n");
  EXPECT_EQ(tail(3), "1\n22\n333\n");
  EXPECT_EQ(tail(1000), "1\n22\n333\n");
}

TEST_F(ReaderTest, ALastLineWithoutANewlineIsALine) {
  append(path(), "1\n22\n333");
  EXPECT_EQ(tail(1), "333");
  EXPECT_EQ(tail(2), "22\n333");
}

TEST_F(ReaderTest, EmptyLinesCount) {
  append(path(), "1\n\n\n");
  EXPECT_EQ(tail(1), "\n");
  EXPECT_EQ(tail(2), "\n\n");
  EXPECT_EQ(tail(3), "1\n\n\n");
}

TEST_F(ReaderTest, ATailGoesBackOverFilesAndThroughLinesBetweenThem) {
  append(path() + ".2", "a\nb\nc, whi");
  append(path() + ".1", "ch goes on and");
  append(path(), " on\nd\n");
  EXPECT_EQ(tail(1), "d\n");
  EXPECT_EQ(tail(2), "c, which goes on and on\nd\n");
  EXPECT_EQ(tail(3), "b\nc, which goes on and on\nd\n");
}

TEST_F(ReaderTest, ANewFileThatIsStillEmptyIsNoLine) {
  append(path() + ".1", "a\nb\n");
  append(path(), "");
  EXPECT_EQ(tail(1), "b\n");
}

TEST_F(ReaderTest, ALongTailIsLookedForInPieces) {
  std::string text;
  for (int line = 0; line < 40'000; ++line) text += "line " + std::to_string(line) + '\n';
  append(path(), text);
  Reader reader(path(), {.tail_lines = 39'999, .since_unix_ms = 0, .from = {}});
  int looks = 0;
  while (reader.step(1)->state == Reader::State::looking) ++looks;
  EXPECT_GT(looks, 5);
  EXPECT_EQ(tail(39'999), text.substr(text.find('\n') + 1));
  EXPECT_EQ(tail(17), text.substr(text.find("line 39983\n")));
}

TEST_F(ReaderTest, ATailIsFollowed) {
  append(path(), "a\nb\n");
  Reader reader(path(), {.tail_lines = 1, .since_unix_ms = 0, .from = {}});
  EXPECT_EQ(read(reader).text, "b\n");
  rotate(path(), 2);
  append(path(), "c\n");
  EXPECT_EQ(read(reader).text, "c\n");
}

TEST_F(ReaderTest, FilesThatWereDoneBeforeATimeAreLeftOut) {
  append(path() + ".1", "old\n");
  append(path(), "new\n");
  const auto now = fs::file_time_type::clock::now();
  fs::last_write_time(path() + ".1", now - std::chrono::hours(2));
  const std::int64_t hour_ago = std::chrono::duration_cast<std::chrono::milliseconds>(
                                    std::chrono::system_clock::now().time_since_epoch())
                                    .count() -
                                3'600'000;
  EXPECT_EQ(read_all({.tail_lines = {}, .since_unix_ms = hour_ago, .from = {}}).text, "new\n");
  EXPECT_EQ(read_all({.tail_lines = 5, .since_unix_ms = hour_ago, .from = {}}).text, "new\n");
  Reader later(path(), {.tail_lines = {}, .since_unix_ms = hour_ago + 7'200'000, .from = {}});
  EXPECT_EQ(read(later).text, "");
  append(path(), "newer\n");
  EXPECT_EQ(read(later).text, "newer\n");
}

TEST_F(ReaderTest, ALaterReadingGoesOnWhereOneWas) {
  append(path(), "first\n");
  Reader before(path(), {});
  EXPECT_EQ(read(before).text, "first\n");
  append(path(), "rest\n");
  rotate(path(), 3);
  append(path(), "second\n");
  const All all = read_all({.tail_lines = {}, .since_unix_ms = 0, .from = before.position()});
  EXPECT_EQ(all.text, "rest\nsecond\n");
  EXPECT_EQ(all.skips, 0);
}

TEST_F(ReaderTest, ALaterReadingSaysWhatItMisses) {
  append(path(), "first\n");
  const All all = read_all({.tail_lines = {}, .since_unix_ms = 0, .from = Position{1, 3}});
  EXPECT_EQ(all.text, "first\n");
  EXPECT_EQ(all.skips, 1);
}

TEST_F(ReaderTest, LinksAndPipesAreNotRead) {
  append(directory_.path() + "/secret", "secret\n");
  fs::create_directories(fs::path(path()).parent_path());
  fs::create_symlink(directory_.path() + "/secret", path());
  EXPECT_TRUE(read_all().nothing);
  fs::rename(path(), path() + ".1");
  append(path(), "mine\n");
  EXPECT_EQ(read_all().text, "mine\n");
}

TEST_F(ReaderTest, WhatCannotBeOpenedIsAnError) {
  if (::geteuid() == 0) GTEST_SKIP() << "root opens everything";
  append(path(), "mine\n");
  fs::permissions(path(), fs::perms::none);
  Reader reader(path(), {});
  EXPECT_FALSE(reader.step(10).ok());
}

TEST_F(ReaderTest, TheNewestAttemptIsFoundByItsFiles) {
  const std::string directory = fs::path(path()).parent_path();
  EXPECT_EQ(newest_attempt(directory, 0, ".stdout"), 0U);
  for (const std::uint32_t number : {2U, 9U, 10U}) append(path(attempt(number)), "x");
  append(path(attempt(12), ".stderr"), "x");
  append(path(attempt(30, 1)), "x");
  append(path(attempt(9)) + ".1", "x");
  EXPECT_EQ(newest_attempt(directory, 0, ".stdout"), 10U);
  EXPECT_EQ(newest_attempt(directory, 0, ".stderr"), 12U);
  EXPECT_EQ(newest_attempt(directory, 1, ".stdout"), 30U);
}

}  // namespace
}  // namespace drover::agent::output
