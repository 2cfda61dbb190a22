// What the history keeps, and what it drops.
#include <gtest/gtest.h>

#include <chrono>

#include "common/limits.h"
#include "master/store/keys.h"
#include "tests/unit/master/store/store_fixture.h"

namespace drover::store {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr milliseconds kAge = limits::kHistoryAge;
constexpr milliseconds kBoot{5000};  // what the monotonic clock says at a start; any number

class HistoryTest : public RocksDbStoreTest {
 protected:
  // The monotonic clock goes on by `time`, in which the master looks again and again.
  void run_for(milliseconds time) {
    for (const milliseconds step : {milliseconds(0), time}) {
      now_ += step;
      ASSERT_TRUE(store_->trim(now_).ok());
    }
  }
  // Another master, perhaps after a boot of the machine.
  void restart() {
    reopen();
    now_ = kBoot;
  }

  milliseconds now_ = kBoot;
};

TEST_F(HistoryTest, ForgetsByAgeTheLongestEndedFirst) {
  const InstanceId old_one{new_uuid()};
  const InstanceId recent{new_uuid()};
  run_for(hours(0));
  finish(old_one, 1);
  run_for(hours(24));
  finish(recent, 2);
  run_for(kAge - hours(1));
  EXPECT_FALSE(in_history(old_one));
  EXPECT_TRUE(in_history(recent));
  run_for(hours(2));
  EXPECT_FALSE(in_history(recent));
}

TEST_F(HistoryTest, AgeIsCountedOnOverRestarts) {
  const InstanceId id{new_uuid()};
  run_for(hours(0));
  finish(id, 1);
  for (int days = 0; days < 29; ++days) {
    run_for(hours(24));
    finish(InstanceId{new_uuid()}, 1);  // what is written says how long the master has run
    restart();
  }
  run_for(hours(23));
  EXPECT_TRUE(in_history(id));
  run_for(hours(2));
  EXPECT_FALSE(in_history(id));
}

// Wall clocks may have said anything when it ended and may say anything now: none is asked.
TEST_F(HistoryTest, NoWallClockDropsAnything) {
  std::vector<InstanceId> ids;
  for (const core::UnixMs ended_at : {0LL, 1'000LL, 1'700'000'000'000LL, 9'999'999'999'999LL}) {
    ids.push_back(InstanceId{new_uuid()});
    finish(ids.back(), ended_at);
    run_for(hours(1));
    restart();
    run_for(hours(1));
  }
  for (const InstanceId& id : ids) EXPECT_TRUE(in_history(id));
  run_for(kAge);
  for (const InstanceId& id : ids) EXPECT_FALSE(in_history(id));
}

TEST_F(HistoryTest, AClockThatGoesBackDropsNothingAndStopsNothing) {
  const InstanceId id{new_uuid()};
  run_for(hours(1));
  finish(id, 1);
  now_ = milliseconds(0);
  run_for(kAge - hours(1));
  EXPECT_TRUE(in_history(id));
  run_for(hours(2));
  EXPECT_FALSE(in_history(id));
}

TEST_F(HistoryTest, ForgetsByNumberTheLongestEndedFirst) {
  history_.instances = 3;
  reopen();
  std::vector<InstanceId> ids;
  for (int number = 0; number < 5; ++number) {
    ids.push_back(InstanceId{new_uuid()});
    finish(ids.back(), 1'700'000'000'000 + number);
  }
  // How many there are is remembered, not counted anew.
  reopen();
  run_for(milliseconds(0));
  for (std::size_t number = 0; number < ids.size(); ++number) {
    EXPECT_EQ(number >= 2, in_history(ids[number])) << number;
  }
  // Exactly as many as are allowed: nothing more goes.
  run_for(hours(1));
  EXPECT_TRUE(in_history(ids[2]));
}

TEST_F(HistoryTest, OneWhoseTimeCannotBeReadGoesWithThoseAfterIt) {
  const InstanceId unreadable{new_uuid()};
  const InstanceId next{new_uuid()};
  finish(unreadable, 1);
  finish(next, 1);
  write_raw("history_order", history_order_key(Index{1}, unreadable), "nonsense");
  restart();
  run_for(kAge - hours(1));
  EXPECT_TRUE(in_history(unreadable));
  EXPECT_TRUE(in_history(next));
  run_for(hours(2));
  EXPECT_FALSE(in_history(unreadable));
  EXPECT_FALSE(in_history(next));
}

class Forgetting : public HistoryTest {
 protected:
  // As the core leaves it: its record says in which batch it has ended.
  InstanceId finish_one() {
    const InstanceId id{new_uuid()};
    core::Changes changes;
    changes.finished = {test::a_finished_instance(id, 1)};
    core::Instance record = *changes.finished[0].instance;
    record.changed = Index{index_ + 1};
    changes.finished[0].instance = std::make_shared<const core::Instance>(std::move(record));
    commit(changes);
    return id;
  }
  void forget(const std::vector<InstanceId>& ids) {
    core::Changes changes;
    changes.forgotten = ids;
    commit(changes);
  }
};

TEST_F(Forgetting, TakesOneOutAndLeavesTheOthers) {
  const InstanceId one = finish_one();
  const InstanceId other = finish_one();
  forget({one, one});
  EXPECT_FALSE(in_history(one));
  EXPECT_TRUE(in_history(other));
  EXPECT_EQ(values_raw("history_order").size(), 1U);
  reopen();
  EXPECT_FALSE(in_history(one));
}

TEST_F(Forgetting, MakesRoomForOthers) {
  history_.instances = 2;
  reopen();
  const InstanceId one = finish_one();
  const InstanceId two = finish_one();
  forget({one, one, InstanceId{new_uuid()}});
  const InstanceId three = finish_one();
  run_for(milliseconds(0));
  EXPECT_TRUE(in_history(two));
  EXPECT_TRUE(in_history(three));
  const InstanceId four = finish_one();
  run_for(limits::kHistoryTrimPeriod);
  EXPECT_FALSE(in_history(two));
  EXPECT_TRUE(in_history(four));
}

TEST_F(Forgetting, TakesOutADamagedRecord) {
  const InstanceId id = finish_one();
  write_raw("history", std::string(id.raw()), "nonsense");
  open();
  ASSERT_TRUE(store_->load().ok());
  forget({id});
  EXPECT_FALSE(in_history(id));
}

}  // namespace
}  // namespace drover::store
