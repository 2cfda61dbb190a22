// The state directory on a disk that runs full.
#include <gtest/gtest.h>

#include "agent/state/identity.h"
#include "agent/state/journal.h"
#include "common/limits.h"
#include "tests/support/small_disk.h"
#include "tests/unit/agent/state/temporary_layout.h"

namespace drover::agent::state {
namespace {

using core::JournalRecord;

constexpr std::size_t kDiskBytes = 4 * limits::kJournalReserveBytes;

class FullDisk : public WithLayout {
 protected:
  void SetUp() override {
    if (!disk_.problem().empty()) GTEST_SKIP() << disk_.problem();
  }

  Journal open() {
    auto opened = Journal::open(layout_, 77);
    EXPECT_TRUE(opened) << opened.error().message;
    read_ = opened->records.size();
    return std::move(opened->journal);
  }
  Journal begin() {
    Journal journal = open();
    EXPECT_TRUE(journal.begin({}, {}));
    return journal;
  }

  static JournalRecord some_end() {
    return core::EndedRecord{AttemptId{allocation(1), 0, 1}, 5, {6, core::Exited{0}, false}};
  }

  test::SmallDisk disk_{layout_.root, kDiskBytes};
  std::size_t read_ = 0;  // records that open() found
};

TEST_F(FullDisk, LeavesRoomForWhatMustBeRecorded) {
  std::size_t written = 0;
  {
    Journal journal = begin();
    EXPECT_FALSE(journal.is_full());
    disk_.fill();
    while (!journal.is_full()) {
      ASSERT_TRUE(journal.append({some_end()})) << "after " << written;
      ++written;
    }
    // Half of the reserve is still there.
    for (const std::size_t enough = written * 19 / 10; written < enough; ++written) {
      ASSERT_TRUE(journal.append({some_end()})) << "after " << written;
    }
    EXPECT_TRUE(journal.is_full());
  }
  open();
  EXPECT_EQ(read_, written);
}

TEST_F(FullDisk, IsAnErrorWhenTheReserveIsUsedUp) {
  Journal journal = begin();
  disk_.fill();
  const JournalRecord large = core::BootRecord{std::string(limits::kJournalReserveBytes / 4, 'x')};
  Status status = Done{};
  for (int count = 0; count < 5 && status; ++count) status = journal.append({large});
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("No space left"), std::string::npos);
}

TEST_F(FullDisk, IsNoticedAtTheStartAndTheOldFileGoneOnWith) {
  { ASSERT_TRUE(begin().append({some_end()})); }
  disk_.fill();
  // As a death in the middle of a write leaves it.
  const std::string unfinished = encode(some_end()).substr(0, 9);
  {
    std::ofstream file(layout_.journal(), std::ios::binary | std::ios::app);
    file << unfinished;
  }
  {
    Journal journal = open();
    ASSERT_EQ(read_, 1U);
    ASSERT_TRUE(journal.begin({some_end()}, {some_end(), some_end()}));
    EXPECT_TRUE(journal.is_full());
    ASSERT_TRUE(journal.append({some_end()}));
    EXPECT_FALSE(journal.wants_rewrite());
  }
  open();
  EXPECT_EQ(read_, 4U);
}

TEST_F(FullDisk, EndsWhenThereIsRoom) {
  { ASSERT_TRUE(begin().append({some_end()})); }
  disk_.fill();
  Journal journal = open();
  ASSERT_TRUE(journal.begin({some_end()}, {}));
  journal.make_reserve();
  EXPECT_TRUE(journal.is_full());
  disk_.make_room();
  journal.make_reserve();
  EXPECT_FALSE(journal.is_full());
}

TEST_F(FullDisk, DoesNotKeepARewriteFromBeingTriedAgain) {
  Journal journal = begin();
  ASSERT_TRUE(journal.append({some_end()}));
  disk_.fill();
  ASSERT_TRUE(journal.rewrite({some_end()}));
  EXPECT_TRUE(journal.is_full());
  ASSERT_TRUE(journal.append({some_end()}));
  open();
  EXPECT_EQ(read_, 2U);
}

TEST_F(FullDisk, StillKeepsANewEpoch) {
  ASSERT_TRUE(save_epoch(layout_, Epoch{9}));
  disk_.fill();
  ASSERT_TRUE(save_epoch(layout_, Epoch{10}));
  EXPECT_EQ(load_epoch(layout_)->value, 10U);
}

TEST_F(FullDisk, DamageThatCannotBeCopiedIsStillNamed) {
  { ASSERT_TRUE(begin().append({some_end(), some_end()})); }
  std::string bytes = read(layout_.journal());
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  write(layout_.journal(), bytes);
  disk_.fill();
  const auto opened = Journal::open(layout_, 77);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->records.size(), 1U);
  ASSERT_EQ(opened->damaged_files.size(), 1U);
  EXPECT_NE(opened->damaged_files[0].find("from byte 0, not copied"), std::string::npos)
      << opened->damaged_files[0];
}

}  // namespace
}  // namespace drover::agent::state
