#include "master/store/record_codec.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/support/records.h"

namespace drover::store {
namespace {

using test::a_finished_instance;
using test::an_allocation;
using test::an_instance;

core::Template full_template() {
  core::Template record;
  record.spec.name = "我的数据处理任务";
  TaskSpec bare{"数据清洗器", "/opt/apps/clean.sh", {}, {}, {}, {}};
  TaskSpec full{"b", "run", {{"-x", ""}}, {{"KEY", "value"}}, "/tmp", std::chrono::seconds(3)};
  TaskSpec no_args{"c", "run", {std::vector<std::string>()}, {}, {}, {}};
  full.after = {{"数据清洗器", Awaited::succeeded}};
  record.spec.groups = {{{bare, full}}, {{no_args}}};
  record.spec.groups[0].on_task_failure = OnTaskFailure::stop_group;
  core::GroupSpec& policies = record.spec.groups[1];
  policies.reschedule = RestartPolicy::always;
  policies.exclusive = false;
  policies.lost_after = std::chrono::seconds(7);
  policies.on_return = core::OnReturn::keep_original;
  policies.name = "工人";
  policies.count = 3;
  policies.constraints = {{"label.zone", core::Operator::in, {"a", "b"}},
                          {"label.gpu", core::Operator::exists, {}}};
  policies.affinity = {{{"node.os", core::Operator::not_equal, {"debian"}}, -20}};
  policies.spread = "label.zone";
  policies.pack = "label.rack";
  policies.on_task_failure = OnTaskFailure::go_on;
  policies.update = core::UpdatePolicy{2, std::chrono::seconds(1), std::chrono::minutes(3)};
  record.spec.priority = 0;
  record.spec.gang = false;
  record.spec.schedule =
      core::ScheduleSpec{"30 2 * * mon-fri", "Europe/Berlin", core::Overlap::skip};
  record.spec.kind = core::Kind::service;
  record.spec.labels = {{"team", "data"}};
  record.spec.parameters = {{"input", {}}, {"size", core::Parameter{"", "lines"}}};
  record.document = R"({"name":"我的数据处理任务"})";
  record.version = 2;
  record.changed = Index{9};
  record.last_run = 1'790'000'000'000;
  return record;
}

TEST(RecordCodec, TemplateComesBackAsItWas) {
  const core::Template before = full_template();
  const auto after = decode_template(encode(before));
  ASSERT_TRUE(after.ok()) << after.error().message;
  // Absent args and empty args are different things, and so are the other optionals.
  EXPECT_EQ(before.spec, after->spec);
  EXPECT_EQ(before.document, after->document);
  EXPECT_EQ(2u, after->version);
  EXPECT_EQ(Index{9}, after->changed);
  EXPECT_EQ(before.last_run, after->last_run);
  EXPECT_FALSE(after->removed);
}

TEST(RecordCodec, ARemovedTemplateComesBackAsOne) {
  core::Template before;
  before.spec.name = "gone";
  before.version = 7;
  before.removed = true;
  const auto after = decode_template(encode(before));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_TRUE(after->removed);
  EXPECT_EQ(after->spec, before.spec);
  EXPECT_EQ(after->version, 7U);
}

TEST(RecordCodec, InstanceComesBackAsItWas) {
  const InstanceId id{new_uuid()};
  core::Instance filled = *an_instance(id, core::InstanceState::degraded);
  filled.parameters = {{"size", "7"}};
  filled.slots = {{0, 2}, {7, 1}};
  filled.counts = {{"web", 3}};
  filled.rollout = core::Rollout{1, 2, core::RolloutState::reverted, "why", 5};
  filled.scheduled_for = 0;
  const auto before = std::make_shared<const core::Instance>(filled);
  const auto after = decode_instance(encode(*before));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(id, after->id);
  EXPECT_EQ(core::InstanceState::degraded, after->state);
  EXPECT_EQ(before->template_name, after->template_name);
  EXPECT_EQ(before->slot_count, after->slot_count);
  EXPECT_EQ(before->slots, after->slots);
  EXPECT_EQ(before->counts, after->counts);
  EXPECT_EQ(before->rollout, after->rollout);
  EXPECT_EQ(before->parameters, after->parameters);
  EXPECT_EQ(before->created_at, after->created_at);
  EXPECT_EQ(before->scheduled_for, after->scheduled_for);
  EXPECT_EQ(before->state_since, after->state_since);
  EXPECT_EQ(before->stop_requested, after->stop_requested);
  EXPECT_EQ(before->changed, after->changed);
}

TEST(RecordCodec, AllocationComesBackAsItWas) {
  const core::TaskStatus task{
      core::TaskState::failed, 2, 11, 12, {core::EndKind::spawn_failed, 13, "exec"}};
  core::Allocation filled = *an_allocation(InstanceId{new_uuid()}, task);
  filled.id.slot = 9;
  filled.role = {2, 4};
  filled.version = 5;
  filled.retirement = core::Retirement::moved;
  filled.replaces = 0;
  const auto before = std::make_shared<const core::Allocation>(filled);
  const auto after = decode_allocation(encode(*before));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(before->id, after->id);
  EXPECT_EQ(before->role, after->role);
  EXPECT_EQ(before->version, after->version);
  EXPECT_EQ(before->retirement, after->retirement);
  EXPECT_EQ(before->replaces, after->replaces);
  EXPECT_FALSE(after->pinned);
  EXPECT_EQ(before->node, after->node);
  EXPECT_EQ(before->node_incarnation, after->node_incarnation);
  EXPECT_EQ(before->placed_at, after->placed_at);
  EXPECT_EQ(before->tasks, after->tasks);
}

TEST(RecordCodec, ACopyOfASystemInstanceKeepsItsNodeWhileItWaitsForIt) {
  core::Allocation before = *an_allocation(InstanceId{new_uuid()}, {});
  before.pinned = std::exchange(before.node, std::nullopt);
  before.waits_for = core::WaitReason::its_node;
  const auto after = decode_allocation(encode(before));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(before.pinned, after->pinned);
  EXPECT_FALSE(after->node);
  EXPECT_EQ(core::WaitReason::its_node, after->waits_for);

  core::Template of_it = full_template();
  of_it.spec.kind = core::Kind::system;
  const auto read = decode_template(encode(of_it));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(core::Kind::system, read->spec.kind);
}

TEST(RecordCodec, AnEndKeepsItsReasonAndWhatWasDropped) {
  const core::TaskStatus task{
      core::TaskState::failed,
      1,
      11,
      12,
      {core::EndKind::exited, 0, {}, false, EndReason::timeout, 1ULL << 40}};
  const auto after = decode_allocation(encode(*an_allocation(InstanceId{new_uuid()}, task)));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(after->tasks.at(0), task);
}

TEST(RecordCodec, EachAttemptRemembersWhatItHasUsed) {
  core::TaskStatus task{core::TaskState::succeeded, 2, 31, 32, {core::EndKind::exited, 0, {}}};
  task.end.used = {1ULL << 40, 0, 1ULL << 35};
  task.previous.push_back({1, 11, 12, {core::EndKind::exited, 3, {}}});
  task.previous[0].end.used = {7, 0, 0};
  const auto after = decode_allocation(encode(*an_allocation(InstanceId{new_uuid()}, task)));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(after->tasks.at(0), task);
}

TEST(RecordCodec, ATaskRemembersHowItsChecksFoundIt) {
  core::TaskStatus task{core::TaskState::running, 1, 31, 0, {}};
  task.health = {Health::unhealthy, 35, "HTTP 503"};
  const auto after = decode_allocation(encode(*an_allocation(InstanceId{new_uuid()}, task)));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(after->tasks.at(0), task);
}

TEST(RecordCodec, ATaskRemembersTheAttemptsBeforeIt) {
  core::TaskStatus task{core::TaskState::restarting, 3, 31, 32, {core::EndKind::exited, 3, {}}, 33};
  task.previous.push_back({1, 11, 12, {core::EndKind::signaled, 9, {}, false, EndReason::timeout}});
  task.previous.push_back({2, 21, 22, {core::EndKind::lost, 0, "why", true, EndReason::fence, 5}});
  const auto after = decode_allocation(encode(*an_allocation(InstanceId{new_uuid()}, task)));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(after->tasks.at(0), task);
}

TEST(RecordCodec, AnAllocationRemembersTheCopiesBeforeIt) {
  const InstanceId id{new_uuid()};
  const auto original = an_allocation(id, {core::TaskState::unknown, 1, 11, 0, {}});
  core::Allocation before = *an_allocation(id, {});
  before.id.generation = 3;
  before.node.reset();
  before.waits_for = core::WaitReason::backoff;
  before.former.push_back({2,
                           7,
                           NodeId{new_uuid()},
                           core::TaskState::failed,
                           {core::EndKind::signaled, 15, {}, true},
                           77});
  before.original = original;
  const auto after = decode_allocation(encode(before));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(before.waits_for, after->waits_for);
  ASSERT_EQ(1u, after->former.size());
  EXPECT_EQ(2u, after->former[0].generation);
  EXPECT_EQ(before.former[0].node, after->former[0].node);
  EXPECT_EQ(before.former[0].state, after->former[0].state);
  EXPECT_EQ(before.former[0].end, after->former[0].end);
  EXPECT_EQ(77, after->former[0].ended_at);
  ASSERT_TRUE(after->original);
  EXPECT_EQ(original->id, after->original->id);
  EXPECT_EQ(original->node, after->original->node);
  EXPECT_EQ(original->tasks, after->original->tasks);
}

TEST(RecordCodec, NodeComesBackAsItWas) {
  core::Node before;
  before.id = NodeId{new_uuid()};
  before.ip = "192.0.2.7";
  before.labels = {{"rack", "r1"}};
  before.online = true;
  before.boot_id = "boot";
  before.journal_id = "journal";
  before.incarnation = 4;
  before.cpu_count = 8;
  before.memory_bytes = 1ULL << 40;
  before.secret_digest = "abc";
  before.agent_version = "1.2";
  before.degraded = {"cgroup"};
  before.attributes = {{"os", "debian"}};
  before.drain = core::Drain{std::chrono::seconds(9), 4, true};
  before.status_since = 5;
  const auto after = decode_node(encode(before));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(before.id, after->id);
  EXPECT_EQ(before.ip, after->ip);
  EXPECT_EQ(before.labels, after->labels);
  EXPECT_TRUE(after->online);
  EXPECT_EQ(before.boot_id, after->boot_id);
  EXPECT_EQ(before.journal_id, after->journal_id);
  EXPECT_EQ(before.incarnation, after->incarnation);
  EXPECT_EQ(before.cpu_count, after->cpu_count);
  EXPECT_EQ(before.memory_bytes, after->memory_bytes);
  EXPECT_EQ(before.secret_digest, after->secret_digest);
  EXPECT_EQ(before.agent_version, after->agent_version);
  EXPECT_EQ(before.degraded, after->degraded);
  EXPECT_EQ(before.attributes, after->attributes);
  EXPECT_EQ(before.drain, after->drain);
  EXPECT_EQ(before.status_since, after->status_since);
}

TEST(RecordCodec, FinishedInstanceComesBackWithItsAllocations) {
  const auto before = a_finished_instance(InstanceId{new_uuid()}, 99);
  const auto after = decode_finished(encode(before));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(before.instance->id, after->instance->id);
  EXPECT_EQ(99, after->instance->state_since);
  ASSERT_EQ(1u, after->allocations.size());
  EXPECT_EQ(before.allocations[0]->tasks, after->allocations[0]->tasks);
}

TEST(RecordCodec, ANewerFormatIsNamed) {
  std::string bytes = encode(*an_instance(InstanceId{new_uuid()}, core::InstanceState::running));
  bytes[0] = 9;
  const auto result = decode_instance(bytes);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ("the record's format is 9, known is 2", result.error().message);
}

TEST(RecordCodec, ACutRecordIsRefusedAtEveryLength) {
  const std::string bytes = encode(a_finished_instance(InstanceId{new_uuid()}, 1));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(decode_finished(bytes.substr(0, length)).ok()) << length;
  }
  EXPECT_FALSE(decode_finished(bytes + '\0').ok());
}

TEST(RecordCodec, AFlippedBitIsNoticedWhereverItIs) {
  const std::string bytes = encode(full_template());
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = bytes;
      flipped[place] = static_cast<char>(flipped[place] ^ (1 << bit));
      EXPECT_FALSE(decode_template(flipped).ok()) << place << " bit " << bit;
    }
  }
}

TEST(RecordCodec, WhatIsQuarantinedComesBackAsItWas) {
  const Quarantined before{"instances", std::string("\x00\xff", 2), std::string("\x01\x00", 2),
                           "it was damaged", 17};
  const auto after = decode_quarantined(encode(before));
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(before.family, after->family);
  EXPECT_EQ(before.key, after->key);
  EXPECT_EQ(before.value, after->value);
  EXPECT_EQ(before.reason, after->reason);
  EXPECT_EQ(before.at, after->at);
}

TEST(RecordCodec, AStateThatDoesNotExistIsRefused) {
  core::Instance instance = *an_instance(InstanceId{new_uuid()}, core::InstanceState::running);
  instance.state = static_cast<core::InstanceState>(77);
  EXPECT_FALSE(decode_instance(encode(instance)).ok());
}

}  // namespace
}  // namespace drover::store
