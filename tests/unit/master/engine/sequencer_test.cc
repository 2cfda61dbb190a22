// What the commands of one batch bring about together.
#include "master/engine/sequencer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/empty_history.h"

namespace drover::engine {
namespace {

class LastChanges final : public test::EmptyHistory {
 public:
  Result<store::Loaded> load() override { return store::Loaded{}; }
  Status begin_epoch(Epoch) override { return Done{}; }
  Status commit(const core::Changes& changes, Index) override {
    changes_ = changes;
    return Done{};
  }

  core::Changes changes_;
};

class NoAgents final : public AgentOutbox {
 public:
  void send(std::vector<core::MessageToAgent>) override {}
};

class SequencerTest : public testing::Test {
 protected:
  core::OpenSession hello(std::uint64_t session) const {
    core::OpenSession hello;
    hello.node = node_;
    hello.session = SessionId{session};
    hello.boot_id = "boot";
    return hello;
  }
  // As one batch.
  void run(const std::vector<core::Command>& commands) {
    std::vector<Submission> submissions;
    for (const core::Command& each : commands) submissions.push_back({each, nullptr});
    ASSERT_TRUE(sequencer_.run(submissions).ok());
  }
  void join_and_leave() { run({hello(1), core::CloseSession{SessionId{1}, node_, true}}); }

  const NodeId node_{new_uuid()};
  LastChanges store_;
  NoAgents agents_;
  View view_{core::State{}};
  Sequencer sequencer_{core::State{}, Index{}, store_,
                       view_,         agents_, [] { return core::Moment{}; }};
};

TEST_F(SequencerTest, ANodeThatIsRemovedIsGone) {
  join_and_leave();
  ASSERT_NE(view_.find_node(node_), nullptr);
  run({core::RemoveNode{node_}});
  EXPECT_EQ(store_.changes_.dropped_nodes, std::vector{node_});
  EXPECT_EQ(view_.find_node(node_), nullptr);
}

TEST_F(SequencerTest, ANodeThatJoinsAnewInTheSameBatchIsThere) {
  join_and_leave();
  run({core::RemoveNode{node_}, hello(2)});
  EXPECT_TRUE(store_.changes_.dropped_nodes.empty());
  ASSERT_NE(view_.find_node(node_), nullptr);
  EXPECT_TRUE(view_.find_node(node_)->online);
}

TEST_F(SequencerTest, ANodeThatJoinsAndIsRemovedInOneBatchIsGone) {
  run({hello(1), core::CloseSession{SessionId{1}, node_, true}, core::RemoveNode{node_}});
  EXPECT_EQ(view_.find_node(node_), nullptr);
  EXPECT_FALSE(store_.changes_.dropped_nodes.empty());
}

}  // namespace
}  // namespace drover::engine
