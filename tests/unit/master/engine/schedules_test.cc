// Schedules as the engine goes by them: the real core and sequencer, and a clock that the test
// sets.
#include "master/engine/schedules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "master/engine/engine.h"
#include "master/engine/sequencer.h"
#include "master/store/store.h"
#include "tests/support/empty_history.h"
#include "tests/support/records.h"

namespace drover::engine {
namespace {

using core::Overlap;
using core::UnixMs;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr UnixMs kMinute = 60'000;
constexpr UnixMs kDay = 24 * 60 * kMinute;
constexpr UnixMs kMidnight = 19'000 * kDay;  // UTC, in January

// Keeps what a master would find at its next start, and what was ever made by a schedule.
class KeepingStore final : public test::EmptyHistory {
 public:
  Result<store::Loaded> load() override { return store::Loaded{}; }
  Status begin_epoch(Epoch) override { return Done{}; }
  Status commit(const core::Changes& changes, Index) override {
    if (fails) return Error{ErrorKind::io, "the disk is gone"};
    for (const auto& each : changes.templates) templates[each->spec.name] = each;
    for (const auto& each : changes.instances) {
      const bool is_new = instances.insert_or_assign(each->id, each).second;
      if (is_new && each->scheduled_for) {
        made.push_back(each->template_name + " " +
                       std::to_string((*each->scheduled_for - kMidnight) / kMinute));
      }
    }
    for (const auto& each : changes.allocations) allocations[each->id] = each;
    for (const auto& each : changes.finished) {
      instances.erase(each.instance->id);
      for (const auto& copy : each.allocations) allocations.erase(copy->id);
    }
    return Done{};
  }

  core::Recovered recovered() const {
    core::Recovered all;
    for (const auto& [name, each] : templates) all.templates.push_back(each);
    for (const auto& [id, each] : instances) all.instances.push_back(each);
    for (const auto& [id, each] : allocations) all.allocations.push_back(each);
    return all;
  }

  bool fails = false;
  std::map<std::string, core::Ptr<core::Template>> templates;
  std::map<InstanceId, core::Ptr<core::Instance>> instances;
  std::map<AllocationId, core::Ptr<core::Allocation>> allocations;
  std::vector<std::string> made;  // "name minute", in order
};

class NoAgents final : public AgentOutbox {
 public:
  void send(std::vector<core::MessageToAgent>) override {}
};

core::TemplateSpec scheduled(const std::string& name, const std::string& cron, Overlap overlap,
                             const std::string& zone = "UTC") {
  core::TemplateSpec spec = test::a_template_spec(name);
  spec.schedule = core::ScheduleSpec{cron, zone, overlap};
  return spec;
}

class SchedulesTest : public testing::Test {
 protected:
  SchedulesTest() { start(Index{}); }

  void start(Index last_index) {
    core::State state = core::rebuild(store_.recovered(), {}, kSteady);
    view_ = std::make_unique<View>(state);
    sequencer_ =
        std::make_unique<Sequencer>(std::move(state), last_index, store_, *view_, agents_, [this] {
          return core::Moment{kSteady, now_, Index{}, 0};
        });
  }
  // All in memory is gone.
  void restart() { start(sequencer_->last_index()); }
  bool step(std::vector<core::Command> commands) {
    std::vector<Submission> submissions;
    for (core::Command& each : commands) submissions.push_back({std::move(each), nullptr});
    return sequencer_->run(submissions).ok();
  }
  void create(const core::TemplateSpec& spec) { step({core::CreateTemplate{spec, "{}"}}); }
  void put(const core::TemplateSpec& spec) { step({core::PutTemplate{spec, "{}"}}); }

  std::vector<core::Command> due() {
    std::vector<core::Command> commands;
    for (const DueRun& run : sequencer_->schedules().take_due(now_)) {
      commands.push_back(core::RunSchedule{run.template_name, InstanceId{new_uuid()}, run.due});
    }
    return commands;
  }
  void set_clock(UnixMs minute) { now_ = kMidnight + minute * kMinute; }
  // As the engine does at a tick. What that made: "name minute".
  std::vector<std::string> at(UnixMs minute) {
    set_clock(minute);
    EXPECT_TRUE(step(due()));
    return std::exchange(store_.made, {});
  }
  void stop_all() {
    for (const auto& [id, each] : std::map(store_.instances)) step({core::Stop{id}});
    ASSERT_THAT(store_.instances, IsEmpty());
  }

  static constexpr std::chrono::milliseconds kSteady{1000};
  KeepingStore store_;
  NoAgents agents_;
  UnixMs now_ = kMidnight;
  std::unique_ptr<View> view_;
  std::unique_ptr<Sequencer> sequencer_;
};

TEST_F(SchedulesTest, EachTimeThatComesMakesAnInstanceOnce) {
  create(scheduled("a", "*/10 * * * *", Overlap::allow));
  create(scheduled("b", "15 * * * *", Overlap::allow));
  EXPECT_THAT(at(0), IsEmpty()) << "what is due at its creation has been due before";
  EXPECT_THAT(at(9), IsEmpty());
  EXPECT_THAT(at(10), ElementsAre("a 10"));
  EXPECT_THAT(at(10), IsEmpty());
  EXPECT_THAT(at(20), ElementsAre("b 15", "a 20")) << "in the order in which they were due";
  restart();
  EXPECT_THAT(at(20), IsEmpty());
  EXPECT_THAT(at(30), ElementsAre("a 30"));
}

TEST_F(SchedulesTest, WhatWasMissedIsMadeUpForOnce) {
  create(scheduled("a", "*/10 * * * *", Overlap::allow));
  restart();
  EXPECT_THAT(at(4325), ElementsAre("a 4320")) << "the last of 432";
  EXPECT_THAT(at(4329), IsEmpty());
  EXPECT_THAT(at(4330), ElementsAre("a 4330"));
}

TEST_F(SchedulesTest, ARunIsLeftOutWhileTheOneBeforeGoesOn) {
  create(scheduled("a", "*/10 * * * *", Overlap::skip));
  EXPECT_THAT(at(10), ElementsAre("a 10"));
  EXPECT_THAT(at(20), IsEmpty());
  restart();
  EXPECT_THAT(at(30), IsEmpty());
  stop_all();
  EXPECT_THAT(at(35), IsEmpty()) << "what was left out is not made up for";
  EXPECT_THAT(at(40), ElementsAre("a 40"));
}

TEST_F(SchedulesTest, AClockThatJumpsMakesNothingTwice) {
  create(scheduled("a", "*/10 * * * *", Overlap::allow));
  EXPECT_THAT(at(10), ElementsAre("a 10"));
  EXPECT_THAT(at(5), IsEmpty());
  EXPECT_THAT(at(10), IsEmpty());
  EXPECT_THAT(at(65), ElementsAre("a 60"));
  for (const UnixMs minute : {20, 40, 60, 5}) EXPECT_THAT(at(minute), IsEmpty());
  restart();
  for (const UnixMs minute : {20, 40, 60, 5}) EXPECT_THAT(at(minute), IsEmpty());
  // Whatever is put while the clock is behind.
  put(scheduled("a", "*/20 * * * *", Overlap::allow));
  put(test::a_template_spec("a"));
  put(scheduled("a", "*/10 * * * *", Overlap::allow));
  EXPECT_THAT(at(60), IsEmpty());
  EXPECT_THAT(at(70), ElementsAre("a 70"));
}

TEST_F(SchedulesTest, AfterAClockThatWasYearsAheadOtherTimesBeginAnew) {
  constexpr UnixMs kYear = 365 * 24 * 60;
  create(scheduled("a", "*/10 * * * *", Overlap::allow));
  create(scheduled("b", "*/10 * * * *", Overlap::allow));
  EXPECT_EQ(at(3 * kYear).size(), 2U);
  EXPECT_THAT(at(20), IsEmpty());
  EXPECT_THAT(sequencer_->schedules().silent(now_), ElementsAre("a", "b"));
  restart();
  EXPECT_THAT(sequencer_->schedules().silent(now_), ElementsAre("a", "b"));
  put(scheduled("a", "*/5 * * * *", Overlap::allow));
  EXPECT_THAT(sequencer_->schedules().silent(now_), ElementsAre("b"));
  EXPECT_THAT(at(20), IsEmpty());
  EXPECT_THAT(at(25), ElementsAre("a 25"));
}

TEST_F(SchedulesTest, ACrashRunsNothingTwiceAndLeavesNothingOut) {
  create(scheduled("a", "*/10 * * * *", Overlap::allow));
  set_clock(10);
  store_.fails = true;
  EXPECT_FALSE(step(due()));
  store_.fails = false;
  restart();
  EXPECT_THAT(at(10), ElementsAre("a 10"));
  restart();
  EXPECT_THAT(at(10), IsEmpty());
}

TEST_F(SchedulesTest, ChangesCountFromWhenTheyAreDurable) {
  create(scheduled("a", "*/10 * * * *", Overlap::allow));
  put(scheduled("a", "0 * * * *", Overlap::allow));
  EXPECT_THAT(at(50), IsEmpty());
  EXPECT_THAT(at(60), ElementsAre("a 60"));
  // Taken away in the same batch, before it is run.
  set_clock(120);
  auto commands = due();
  ASSERT_EQ(commands.size(), 1U);
  commands.insert(commands.begin(), core::PutTemplate{test::a_template_spec("a"), "{}"});
  step(std::move(commands));
  EXPECT_THAT(store_.made, IsEmpty());
  EXPECT_THAT(at(180), IsEmpty());
}

TEST_F(SchedulesTest, TimesAreThoseOfTheZone) {
  create(scheduled("berlin", "0 2 * * *", Overlap::allow, "Europe/Berlin"));
  create(scheduled("utc", "0 2 * * *", Overlap::allow));
  EXPECT_THAT(at(1439), ElementsAre("berlin 60", "utc 120"));
}

TEST_F(SchedulesTest, OneWhoseZoneIsGoneRunsNothingAndIsNamed) {
  create(scheduled("a", "* * * * *", Overlap::allow, "Europe/Atlantis"));
  create(scheduled("b", "* * * * *", Overlap::allow));
  EXPECT_THAT(at(1), ElementsAre("b 1"));
  restart();
  EXPECT_THAT(sequencer_->schedules().broken(),
              ElementsAre(testing::HasSubstr("template 'a': no time zone is called")));
}

// The engine goes by the machine's clock: what was due before its start is made up for by it.
TEST(EngineSchedules, AreRunAtTheStart) {
  KeepingStore store;
  const core::Template record{scheduled("a", "@daily", Overlap::allow), "{}", 1, Index{1},
                              unix_now_ms() - 3 * kDay};
  core::Recovered recovered;
  recovered.templates = {std::make_shared<const core::Template>(record)};
  NoAgents agents;
  core::State state = core::rebuild(std::move(recovered), {}, steady_now());
  View view(state);
  Engine engine(std::move(state), Index{1}, store, view, agents, {});
  std::promise<void> stepped;
  engine.start();
  // The first turn is a tick; this one's answer comes with it or after it.
  ASSERT_TRUE(engine.submit(core::ResumeReplacements{},
                            [&stepped](const core::Reply&) { stepped.set_value(); }));
  stepped.get_future().wait();
  engine.stop();
  EXPECT_EQ(store.made.size(), 1U);
  EXPECT_GT(store.templates.at("a")->last_run, record.last_run);
}

}  // namespace
}  // namespace drover::engine
