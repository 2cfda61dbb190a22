// Deploys with a key, through the sequencer: a request that comes again makes nothing.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "master/engine/sequencer.h"
#include "tests/support/empty_history.h"
#include "tests/support/records.h"

namespace drover::engine {
namespace {

using core::ReplyCode;

class KeyStore final : public test::EmptyHistory {
 public:
  Result<store::Loaded> load() override { return store::Loaded{}; }
  Status begin_epoch(Epoch) override { return Done{}; }
  Status commit(const core::Changes& changes, Index) override {
    instances_ += changes.instances.size();
    for (const core::UsedKey& each : changes.used_keys) keys_.emplace(each.key, each);
    return Done{};
  }
  Result<std::optional<core::UsedKey>> find_key(const std::string& key) const override {
    if (unreadable_) return Error{ErrorKind::invalid, "damaged"};
    const auto found = keys_.find(key);
    if (found == keys_.end()) return std::optional<core::UsedKey>();
    return std::optional(found->second);
  }

  bool unreadable_ = false;
  std::size_t instances_ = 0;
  std::map<std::string, core::UsedKey> keys_;
};

class NoAgents final : public AgentOutbox {
 public:
  void send(std::vector<core::MessageToAgent>) override {}
};

class RequestKeysTest : public testing::Test {
 protected:
  void SetUp() override {
    carry_out({Submission{core::CreateTemplate{test::a_template_spec("work"), "{}"}, nullptr}});
  }

  void deploy(const std::string& key, const std::string& digest) {
    core::Deploy command{"work", InstanceId{new_uuid()}};
    command.key = key;
    command.digest = digest;
    waiting_.push_back(
        {std::move(command), [this](const core::Reply& reply) { replies_.push_back(reply); }});
  }
  void run() { carry_out(std::exchange(waiting_, {})); }
  void carry_out(std::vector<Submission> submissions) {
    ASSERT_TRUE(sequencer_.run(submissions).ok());
  }

  KeyStore store_;
  NoAgents agents_;
  View view_{core::State{}};
  Sequencer sequencer_{core::State{}, Index{}, store_,
                       view_,         agents_, [] { return core::Moment{}; }};
  std::vector<Submission> waiting_;
  std::vector<core::Reply> replies_;
};

TEST_F(RequestKeysTest, TwoInOneBatchMakeOne) {
  deploy("k", "same");
  deploy("k", "same");
  run();
  ASSERT_EQ(replies_.size(), 2U);
  EXPECT_EQ(replies_[0].code, ReplyCode::ok);
  EXPECT_EQ(replies_[1].code, ReplyCode::ok);
  EXPECT_EQ(replies_[0].instance, replies_[1].instance);
  EXPECT_EQ(view_.live_instances(), 1U);
}

TEST_F(RequestKeysTest, OneOfALaterBatchMakesNothing) {
  deploy("k", "same");
  run();
  deploy("k", "same");
  run();
  EXPECT_EQ(replies_.at(0).instance, replies_.at(1).instance);
  EXPECT_EQ(view_.live_instances(), 1U);
}

TEST_F(RequestKeysTest, AnotherRequestIsRefused) {
  deploy("k", "one");
  deploy("k", "other");
  run();
  EXPECT_EQ(replies_.at(1).code, ReplyCode::key_reused);
  EXPECT_EQ(view_.live_instances(), 1U);
}

TEST_F(RequestKeysTest, WithoutAKeyEachMakesOne) {
  deploy("", "");
  deploy("", "");
  run();
  EXPECT_NE(replies_.at(0).instance, replies_.at(1).instance);
  EXPECT_EQ(view_.live_instances(), 2U);
}

TEST_F(RequestKeysTest, WhatCannotBeReadIsNotTakenForNew) {
  store_.unreadable_ = true;
  deploy("k", "same");
  deploy("", "");
  run();
  EXPECT_EQ(replies_.at(0).code, ReplyCode::store_unreadable);
  EXPECT_EQ(replies_.at(1).code, ReplyCode::ok) << "nothing else is held up";
  EXPECT_EQ(view_.live_instances(), 1U);
}

}  // namespace
}  // namespace drover::engine
