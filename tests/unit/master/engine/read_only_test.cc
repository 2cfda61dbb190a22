// What the engine does once its store has failed.
#include "master/engine/read_only.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <optional>
#include <utility>

#include "common/limits.h"
#include "master/engine/engine.h"
#include "master/store/store.h"
#include "tests/support/empty_history.h"
#include "tests/support/records.h"

namespace drover::engine {
namespace {

using core::ReplyCode;

// A disk that works until commit number `fails_from`.
class FailingStore final : public test::EmptyHistory {
 public:
  Result<store::Loaded> load() override { return store::Loaded{}; }
  Status begin_epoch(Epoch) override { return Done{}; }
  Status commit(const core::Changes&, Index) override {
    if (++commits_ < fails_from_) return Done{};
    return Error{ErrorKind::io, "disk gone"};
  }
  Status trim(std::chrono::milliseconds) override {
    if (!trim_fails_) return Done{};
    return Error{ErrorKind::io, "disk gone"};
  }

  void fail_now() { fails_from_ = 0; }
  void fail_from(int commit) { fails_from_ = commit; }
  void fail_to_trim() { trim_fails_ = true; }
  int commits() const { return commits_; }

 private:
  std::atomic<int> commits_{0};
  std::atomic<int> fails_from_{1'000'000};
  std::atomic<bool> trim_fails_{false};
};

class RecordingOutbox final : public AgentOutbox {
 public:
  void send(std::vector<core::MessageToAgent> messages) override {
    const std::lock_guard lock(mutex_);
    for (auto& message : messages) messages_.push_back(std::move(message));
  }
  // All since the last call.
  std::vector<core::MessageToAgent> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(messages_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<core::MessageToAgent> messages_;
};

template <class Content>
std::vector<std::pair<SessionId, Content>> only(const std::vector<core::MessageToAgent>& messages) {
  std::vector<std::pair<SessionId, Content>> found;
  for (const auto& message : messages) {
    if (const auto* content = std::get_if<Content>(&message.content)) {
      found.emplace_back(message.session, *content);
    }
  }
  return found;
}

class ReadOnlyTest : public testing::Test {
 protected:
  ReadOnlyTest()
      : view_(core::State()),
        engine_(core::State(), Index{0}, store_, view_, agents_,
                {[this](const std::string& reason) { reasons_.push_back(reason); }}) {
    engine_.start();
  }

  std::future<core::Reply> submit(core::Command command) {
    auto promise = std::make_shared<std::promise<core::Reply>>();
    auto future = promise->get_future();
    EXPECT_TRUE(engine_.submit(std::move(command),
                               [promise](const core::Reply& reply) { promise->set_value(reply); }));
    return future;
  }
  core::Reply run(core::Command command) { return submit(std::move(command)).get(); }
  ReplyCode create(const std::string& name) {
    return run(core::CreateTemplate{test::a_template_spec(name), "{}"}).code;
  }

  // Answers of all that came before have been given and sent when this returns.
  std::vector<core::MessageToAgent> messages() {
    run(core::Tick{});
    return agents_.take();
  }

  core::OpenSession hello(SessionId session) const {
    core::OpenSession command;
    command.session = session;
    command.node = node_;
    command.secret_digest = "digest";
    command.boot_id = "boot";
    command.ip = "192.0.2.1";
    return command;
  }

  // An instance that runs on the node, whose session is kSession.
  InstanceId running_instance() {
    EXPECT_EQ(ReplyCode::ok, create("work"));
    run(hello(kSession));
    const InstanceId id{new_uuid()};
    EXPECT_EQ(ReplyCode::ok, run(core::Deploy{"work", id}).code);
    run(report(id, {}));
    EXPECT_EQ(core::InstanceState::running, view_.find_instance(id)->state);
    messages();
    return id;
  }
  core::ReportAttempts report(const InstanceId& id, const core::TaskEnd& end) const {
    core::AttemptReport attempt;
    attempt.id = {{id, 0, 1}, 0, 1};
    attempt.started_at = 1;
    attempt.end = end;
    return {kSession, node_, {attempt}};
  }

  void break_store() {
    store_.fail_now();
    EXPECT_EQ(ReplyCode::store_failed, create("the one that fails"));
  }

  static constexpr SessionId kSession{7};
  static constexpr SessionId kNextSession{8};

  const NodeId node_{new_uuid()};
  FailingStore store_;
  RecordingOutbox agents_;
  View view_;
  std::vector<std::string> reasons_;
  Engine engine_;
};

TEST_F(ReadOnlyTest, NothingOfAFailedBatchIsSeenOrAcknowledged) {
  const InstanceId running = running_instance();
  store_.fail_now();
  const InstanceId id{new_uuid()};
  const core::Reply reply = run(core::Deploy{"work", id});
  EXPECT_EQ(ReplyCode::store_failed, reply.code);
  EXPECT_EQ("disk gone", reply.detail);
  EXPECT_TRUE(messages().empty());
  EXPECT_EQ(nullptr, view_.find_instance(id));
  EXPECT_EQ(ReplyCode::unknown_instance, run(core::Stop{id}).code);
  EXPECT_EQ(core::InstanceState::running, view_.find_instance(running)->state);
  EXPECT_EQ(std::vector<std::string>{"disk gone"}, reasons_);
}

TEST_F(ReadOnlyTest, NothingIsTriedAnyMore) {
  EXPECT_EQ(ReplyCode::ok, create("work"));
  EXPECT_FALSE(view_.read_only());
  break_store();
  const int commits = store_.commits();
  EXPECT_EQ(ReplyCode::read_only, create("other"));
  EXPECT_EQ(ReplyCode::read_only, run(core::Deploy{"work", InstanceId{new_uuid()}}).code);
  EXPECT_EQ(ReplyCode::read_only, run(core::ResumeReplacements{}).code);
  EXPECT_EQ(commits, store_.commits());
  EXPECT_EQ(nullptr, view_.find_template("other"));
  ASSERT_TRUE(view_.read_only());
  EXPECT_EQ("disk gone", view_.read_only()->reason);
  EXPECT_EQ(1u, reasons_.size());
}

TEST_F(ReadOnlyTest, WhatIsRecordedNeedsNoWriting) {
  EXPECT_EQ(ReplyCode::ok, create("work"));
  break_store();
  EXPECT_EQ(ReplyCode::ok, create("work"));
  core::TemplateSpec other = test::a_template_spec("work");
  other.groups[0].tasks[0].command = "/bin/false";
  EXPECT_EQ(ReplyCode::template_conflict, run(core::CreateTemplate{other, "{}"}).code);
}

TEST_F(ReadOnlyTest, AStopReachesTheNodeAndIsSaidNotToBeRecorded) {
  const InstanceId id = running_instance();
  break_store();
  const core::Reply reply = run(core::Stop{id});
  EXPECT_EQ(ReplyCode::stop_not_recorded, reply.code);
  EXPECT_EQ("1 of 1 copies that have not ended are on nodes that were told to stop them; disk gone",
            reply.detail);
  const auto stops = only<core::StopAllocation>(messages());
  ASSERT_EQ(1u, stops.size());
  EXPECT_EQ(kSession, stops[0].first);
  EXPECT_EQ((AllocationId{id, 0, 1}), stops[0].second.id);
  EXPECT_FALSE(view_.find_instance(id)->stop_requested);
}

TEST_F(ReadOnlyTest, TheStopThatFailsIsStillSent) {
  const InstanceId id = running_instance();
  store_.fail_now();
  EXPECT_EQ(ReplyCode::stop_not_recorded, run(core::Stop{id}).code);
  EXPECT_EQ(1u, only<core::StopAllocation>(messages()).size());
}

TEST_F(ReadOnlyTest, AStopThatWasRecordedIsAnsweredAsSuch) {
  const InstanceId id = running_instance();
  EXPECT_EQ(ReplyCode::ok, run(core::Stop{id}).code);
  break_store();
  messages();
  EXPECT_EQ(ReplyCode::ok, run(core::Stop{id}).code);
  EXPECT_EQ(1u, only<core::StopAllocation>(messages()).size());
}

TEST_F(ReadOnlyTest, AStopOfWhatNoNodeCanHearSaysSo) {
  const InstanceId id = running_instance();
  break_store();
  run(core::CloseSession{kSession, node_, false});
  const core::Reply reply = run(core::Stop{id});
  EXPECT_EQ(ReplyCode::stop_not_recorded, reply.code);
  EXPECT_EQ(0u, reply.detail.find("0 of 1 copies"));
  EXPECT_TRUE(messages().empty());
}

TEST_F(ReadOnlyTest, HeartbeatsAreShownAndAnswered) {
  running_instance();
  break_store();
  run(core::Heartbeat{kSession, node_, {40, 50}, 3});
  const auto sent = messages();
  ASSERT_EQ(1u, sent.size());
  EXPECT_TRUE(std::holds_alternative<core::Heard>(sent[0].content));
  EXPECT_EQ(3u, sent[0].heartbeat);
  ASSERT_EQ(1u, view_.nodes().size());
  EXPECT_TRUE(view_.nodes()[0].node->online);
  EXPECT_EQ(40, view_.nodes()[0].usage.cpu_percent);
}

TEST_F(ReadOnlyTest, AReportIsReadAndNotAcknowledged) {
  const InstanceId id = running_instance();
  break_store();
  // It is answered, so that the agent's next message is read.
  EXPECT_EQ(ReplyCode::read_only, run(report(id, {core::EndKind::exited, 0, {}})).code);
  EXPECT_TRUE(messages().empty());
  EXPECT_EQ(core::InstanceState::running, view_.find_instance(id)->state);
}

TEST_F(ReadOnlyTest, AKnownNodeMayReturnAndItsFormerSessionEnds) {
  const InstanceId id = running_instance();
  break_store();
  run(hello(kNextSession));
  const auto sent = messages();
  const auto closed = only<core::CloseStream>(sent);
  ASSERT_EQ(1u, closed.size());
  EXPECT_EQ(kSession, closed[0].first);
  const auto welcomed = only<core::Welcome>(sent);
  ASSERT_EQ(1u, welcomed.size());
  EXPECT_EQ(kNextSession, welcomed[0].first);
  run(core::Stop{id});
  EXPECT_EQ(kNextSession, only<core::StopAllocation>(messages()).at(0).first);
  // What the former session still says counts for nothing.
  run(core::CloseSession{kSession, node_, true});
  run(core::Heartbeat{kNextSession, node_, {}, 1});
  EXPECT_EQ(1u, only<core::Heard>(messages()).size());
}

TEST_F(ReadOnlyTest, ANodeThatSaysHelloInTheFailedBatchIsWelcomed) {
  running_instance();
  store_.fail_now();
  core::OpenSession changed = hello(kNextSession);
  changed.ip = "192.0.2.9";  // so that there is something to write
  EXPECT_EQ(ReplyCode::store_failed, run(changed).code);
  EXPECT_EQ(kNextSession, only<core::Welcome>(messages()).at(0).first);
  EXPECT_EQ("192.0.2.1", view_.nodes()[0].node->ip);
}

TEST_F(ReadOnlyTest, StrangersAreTurnedAway) {
  running_instance();
  break_store();
  core::OpenSession stranger = hello(kNextSession);
  stranger.node = NodeId{new_uuid()};
  run(stranger);
  core::OpenSession impostor = hello(kNextSession);
  impostor.secret_digest = "another";
  run(impostor);
  const auto sent = messages();
  EXPECT_EQ(2u, only<core::CloseStream>(sent).size());
  EXPECT_EQ(2u, sent.size());
  EXPECT_EQ(1u, view_.nodes().size());
}

TEST_F(ReadOnlyTest, AHistoryThatCannotBeTrimmedIsAFailedWriteToo) {
  store_.fail_to_trim();
  while (!view_.read_only()) run(core::Tick{});
  ASSERT_TRUE(view_.read_only());
  EXPECT_EQ("disk gone", view_.read_only()->reason);
}

TEST(Sequencer, LeavesWhatItDidNotCarryOut) {
  FailingStore store;
  store.fail_from(2);
  RecordingOutbox agents;
  View view{core::State()};
  Sequencer sequencer({}, Index{0}, store, view, agents, [] { return core::Moment{}; });
  std::size_t answered = 0;
  std::vector<Submission> submissions;
  const std::size_t count = 2 * limits::kBatchCommands + 10;
  for (std::size_t number = 0; number < count; ++number) {
    submissions.push_back(
        {core::CreateTemplate{test::a_template_spec(std::to_string(number)), "{}"},
         [&answered](const core::Reply&) { ++answered; }});
  }
  EXPECT_FALSE(sequencer.run(submissions).ok());
  EXPECT_EQ(limits::kBatchCommands, answered);
  ASSERT_EQ(count - limits::kBatchCommands, submissions.size());
  const auto& next = std::get<core::CreateTemplate>(submissions.front().command);
  EXPECT_EQ(std::to_string(limits::kBatchCommands), next.spec.name);
}

}  // namespace
}  // namespace drover::engine
