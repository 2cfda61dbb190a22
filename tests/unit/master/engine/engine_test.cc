// The engine with a store that the test can hold back and break.
#include "master/engine/engine.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>

#include "common/limits.h"
#include "master/store/store.h"
#include "tests/support/empty_history.h"
#include "tests/support/records.h"

namespace drover::engine {
namespace {

// Counts what is committed; `hold` keeps a commit from ending until `release`.
class GateStore final : public test::EmptyHistory {
 public:
  Result<store::Loaded> load() override { return store::Loaded{}; }
  Status begin_epoch(Epoch) override { return Done{}; }
  Status commit(const core::Changes& changes, Index index) override {
    std::unique_lock lock(mutex_);
    ++commits_;
    templates_ += changes.templates.size();
    last_index_ = index;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    return Done{};
  }

  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void await_commits(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return commits_ >= count; });
  }
  int commits() const {
    const std::lock_guard lock(mutex_);
    return commits_;
  }
  std::size_t templates() const {
    const std::lock_guard lock(mutex_);
    return templates_;
  }
  Index last_index() const {
    const std::lock_guard lock(mutex_);
    return last_index_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int commits_ = 0;
  std::size_t templates_ = 0;
  Index last_index_;
};

class NoAgents final : public AgentOutbox {
 public:
  void send(std::vector<core::MessageToAgent>) override {}
};

class EngineTest : public testing::Test {
 protected:
  EngineTest()
      : view_(core::State()),
        engine_(core::State(), Index{41}, store_, view_, agents_,
                {[](const std::string& reason) { ADD_FAILURE() << reason; }}) {}

  // Submits without waiting.
  std::future<core::ReplyCode> create(const std::string& name) {
    auto promise = std::make_shared<std::promise<core::ReplyCode>>();
    auto future = promise->get_future();
    EXPECT_TRUE(
        engine_.submit(core::CreateTemplate{test::a_template_spec(name), "{}"},
                       [promise](const core::Reply& reply) { promise->set_value(reply.code); }));
    return future;
  }

  static bool is_ready(const std::future<core::ReplyCode>& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  GateStore store_;
  NoAgents agents_;
  View view_;
  Engine engine_;
};

TEST_F(EngineTest, NobodyHearsOfAChangeBeforeItIsDurable) {
  store_.hold();
  engine_.start();
  auto reply = create("work");
  store_.await_commits(1);
  EXPECT_FALSE(is_ready(reply));
  EXPECT_EQ(nullptr, view_.find_template("work"));
  store_.release();
  EXPECT_EQ(core::ReplyCode::ok, reply.get());
  EXPECT_NE(nullptr, view_.find_template("work"));
  EXPECT_EQ(Index{42}, store_.last_index());
}

TEST_F(EngineTest, WhatWaitsDuringACommitSharesTheNext) {
  store_.hold();
  engine_.start();
  auto first = create("first");
  store_.await_commits(1);
  std::vector<std::future<core::ReplyCode>> others;
  for (int number = 0; number < 100; ++number) others.push_back(create(std::to_string(number)));
  store_.release();
  for (auto& reply : others) EXPECT_EQ(core::ReplyCode::ok, reply.get());
  EXPECT_EQ(2, store_.commits());
  EXPECT_EQ(101u, store_.templates());
}

TEST_F(EngineTest, WhatChangesNothingIsNotWritten) {
  engine_.start();
  EXPECT_EQ(core::ReplyCode::ok, create("work").get());
  EXPECT_EQ(core::ReplyCode::ok, create("work").get());
  EXPECT_EQ(1, store_.commits());
}

TEST_F(EngineTest, AFullInboxTurnsClientsAwayButNotAgents) {
  store_.hold();
  engine_.start();
  auto first = create("first");
  store_.await_commits(1);
  // What agents say takes no room from clients.
  EXPECT_TRUE(engine_.submit_from_agent({core::Heartbeat{}}, nullptr));
  for (std::size_t waiting = 0; waiting < limits::kInboxCommands; ++waiting) {
    EXPECT_FALSE(engine_.is_full());
    ASSERT_TRUE(engine_.submit(core::Stop{}, nullptr));
  }
  EXPECT_TRUE(engine_.is_full());
  EXPECT_FALSE(engine_.submit(core::Stop{}, nullptr));
  std::promise<void> heard;
  EXPECT_TRUE(engine_.submit_from_agent({core::Heartbeat{}},
                                        [&heard](const core::Reply&) { heard.set_value(); }));
  store_.release();
  heard.get_future().wait();
  EXPECT_EQ(core::ReplyCode::ok, first.get());
}

TEST_F(EngineTest, WhatIsUnhurriedComesBeforeWhatIsSaidNextOrWithATick) {
  engine_.start();
  std::promise<void> with_another;
  std::vector<int> order;
  ASSERT_TRUE(engine_.submit_unhurried(core::Heartbeat{},
                                       [&order](const core::Reply&) { order.push_back(1); }));
  ASSERT_TRUE(engine_.submit(core::Stop{}, [&](const core::Reply&) {
    order.push_back(2);
    with_another.set_value();
  }));
  with_another.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));

  std::promise<void> alone;
  ASSERT_TRUE(engine_.submit_unhurried(core::Heartbeat{},
                                       [&alone](const core::Reply&) { alone.set_value(); }));
  alone.get_future().wait();
  engine_.stop();
  EXPECT_FALSE(engine_.submit_unhurried(core::Heartbeat{}, nullptr));
}

TEST_F(EngineTest, StoppingFinishesWhatWaitsAndTakesNoMore) {
  store_.hold();
  engine_.start();
  auto first = create("first");
  store_.await_commits(1);
  auto second = create("second");
  store_.release();
  engine_.stop();
  EXPECT_TRUE(is_ready(first));
  EXPECT_TRUE(is_ready(second));
  EXPECT_FALSE(engine_.submit(core::Stop{}, nullptr));
}

}  // namespace
}  // namespace drover::engine
