// Credit, turns and ends of the readings of one connection.
#include "agent/output/desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "common/limits.h"
#include "tests/unit/agent/output/output_files.h"

namespace drover::agent::output {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class DeskTest : public OutputFiles {
 protected:
  static Read reading(std::uint64_t number, const AttemptId& id = attempt(1), bool follow = false) {
    Read read;
    read.reading = number;
    read.attempt = id;
    read.follow = follow;
    read.credit = limits::kOutputCredit;
    return read;
  }

  // Takes turns until there is nothing more to say; what is said arrives at once.
  void serve(bool look = false) {
    for (bool first = true; first || desk_.has_more(); first = false) {
      for (const Chunk& chunk : turn(look && first).chunks) {
        desk_.take(Received{chunk.data.size()});
      }
    }
  }
  Answer turn(bool look = false) {
    Answer answer = desk_.turn(look);
    for (const Chunk& chunk : answer.chunks) {
      said_[chunk.reading] += chunk.data;
      attempts_[chunk.reading] = chunk.attempt;
    }
    for (const End& end : answer.ends) ends_.emplace(end.reading, end.cause);
    return answer;
  }

  Desk desk_{layout_};
  std::map<std::uint64_t, std::string> said_;
  std::map<std::uint64_t, std::uint32_t> attempts_;
  std::map<std::uint64_t, EndCause> ends_;
};

TEST_F(DeskTest, AnAttemptThatIsOverIsReadToItsEnd) {
  append(path(), "all of it\n");
  append(path(attempt(1), ".stderr"), "and this\n");
  desk_.take(reading(1));
  Read errors = reading(2);
  errors.error_output = true;
  desk_.take(errors);
  serve();
  EXPECT_EQ(said_[1], "all of it\n");
  EXPECT_EQ(said_[2], "and this\n");
  EXPECT_EQ(ends_[1], EndCause::complete);
  EXPECT_EQ(ends_[2], EndCause::complete);
  EXPECT_FALSE(desk_.has_more() || desk_.waits());
}

TEST_F(DeskTest, WhatIsNotThereIsSaid) {
  desk_.take(reading(1));
  serve();
  EXPECT_EQ(ends_[1], EndCause::nothing);
}

TEST_F(DeskTest, TheNewestAttemptIsReadWhereNoneIsNamed) {
  append(path(attempt(2)), "two");
  append(path(attempt(3)), "three");
  desk_.take(reading(1, attempt(0)));
  serve();
  EXPECT_EQ(said_[1], "three");
  EXPECT_EQ(attempts_[1], 3U);
}

TEST_F(DeskTest, AFollowedReadingIsAnsweredAtOnceAndGoesOnUntilItIsFinished) {
  desk_.take(reading(1, attempt(1), true));
  EXPECT_THAT(turn().chunks, SizeIs(1)) << "that the node answers is worth a message";
  EXPECT_TRUE(desk_.waits());
  EXPECT_FALSE(desk_.has_more());
  append(path(), "now\n");
  serve();
  EXPECT_EQ(said_[1], "") << "not before a look";
  serve(true);
  EXPECT_EQ(said_[1], "now\n");
  append(path(), "and the last\n");
  desk_.take(Finish{1});
  serve();
  EXPECT_EQ(said_[1], "now\nand the last\n");
  EXPECT_EQ(ends_[1], EndCause::complete);
  EXPECT_FALSE(desk_.waits());
}

TEST_F(DeskTest, NoMoreIsSentThanThereIsCreditFor) {
  append(path(), std::string(3 * limits::kOutputCredit, 'x'));
  desk_.take(reading(1));
  serve();
  EXPECT_EQ(said_[1].size(), limits::kOutputCredit);
  EXPECT_THAT(ends_, IsEmpty());
  desk_.take(Credit{1, 10});
  serve();
  EXPECT_EQ(said_[1].size(), limits::kOutputCredit + 10);
  desk_.take(Credit{1, 1'000'000'000});
  serve();
  EXPECT_EQ(said_[1].size(), 2 * limits::kOutputCredit + 10)
      << "a limit that the master cannot lift";
}

TEST_F(DeskTest, OneThatDoesNotReadStopsNobodyElse) {
  append(path(), std::string(2 * limits::kOutputCredit, 'x'));
  append(path(attempt(2)), std::string(20 * limits::kOutputCredit, 'y'));
  desk_.take(reading(1));
  desk_.take(reading(2, attempt(2)));
  for (int granted = 0; granted < 25; ++granted) {
    serve();
    desk_.take(Credit{2, limits::kOutputCredit});
  }
  serve();
  EXPECT_EQ(said_[1].size(), limits::kOutputCredit);
  EXPECT_EQ(said_[2].size(), 20 * limits::kOutputCredit);
  EXPECT_EQ(ends_[2], EndCause::complete);
}

TEST_F(DeskTest, NoMoreIsOnItsWayThanALineMayHold) {
  for (std::uint32_t number = 1; number <= 10; ++number) {
    append(path(attempt(number)), std::string(limits::kOutputCredit, 'x'));
    desk_.take(reading(number, attempt(number)));
  }
  std::size_t sent = 0;
  while (desk_.has_more()) {
    std::size_t bytes = 0;
    for (const Chunk& chunk : turn().chunks) bytes += chunk.data.size();
    EXPECT_LE(bytes, limits::kOutputChunkBytes) << "in one message";
    sent += bytes;
  }
  EXPECT_EQ(sent, limits::kOutputBytesInFlight);
  desk_.take(Received{1000});
  EXPECT_TRUE(desk_.has_more());
  turn();
  EXPECT_FALSE(desk_.has_more());
}

TEST_F(DeskTest, AllGetTheirTurn) {
  for (std::uint32_t number = 1; number <= 3; ++number) {
    append(path(attempt(number)), std::string(100 * limits::kOutputChunkBytes, 'x'));
    desk_.take(reading(number, attempt(number)));
  }
  // A line that takes one message at a time, and readers who take all.
  for (int message = 0; message < 30; ++message) {
    for (const Chunk& chunk : turn().chunks) {
      desk_.take(Received{chunk.data.size()});
      desk_.take(Credit{chunk.reading, chunk.data.size()});
    }
  }
  for (std::uint64_t number = 1; number <= 3; ++number) {
    EXPECT_GE(said_[number].size(), 9 * limits::kOutputChunkBytes) << number;
  }
}

TEST_F(DeskTest, NothingMoreIsSaidOfWhatNobodyWants) {
  append(path(), "text");
  desk_.take(reading(1, attempt(1), true));
  desk_.take(Cancel{1});
  EXPECT_TRUE(turn(true).empty());
  EXPECT_FALSE(desk_.has_more() || desk_.waits());
  desk_.take(Credit{1, 5});
  desk_.take(Finish{1});
  desk_.take(Cancel{1});
  desk_.take(Received{1'000'000});
  EXPECT_TRUE(turn(true).empty()) << "what comes late means nothing";
}

TEST_F(DeskTest, OneTooManyIsTurnedAwayAndTheOthersGoOn) {
  append(path(), "text");
  for (std::uint64_t number = 1; number <= limits::kOutputReadingsPerNode; ++number) {
    desk_.take(reading(number, attempt(1), true));
  }
  desk_.take(reading(9999));
  serve();
  EXPECT_EQ(ends_[9999], EndCause::busy);
  EXPECT_THAT(ends_, SizeIs(1));
  EXPECT_EQ(said_[1], "text");
  EXPECT_EQ(said_[limits::kOutputReadingsPerNode], "text");
  desk_.take(Cancel{1});
  desk_.take(reading(10'000));
  serve();
  EXPECT_EQ(ends_[10'000], EndCause::complete);
}

}  // namespace
}  // namespace drover::agent::output
