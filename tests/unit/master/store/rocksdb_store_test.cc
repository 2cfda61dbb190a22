// The store against real RocksDB in a directory of its own.
#include <gtest/gtest.h>

#include "master/store/keys.h"
#include "tests/unit/master/store/store_fixture.h"

namespace drover::store {
namespace {

TEST_F(RocksDbStoreTest, ANewStoreIsEmpty) {
  const auto loaded = store_->load();
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(Index{0}, loaded->last_index);
  EXPECT_EQ(Epoch{0}, loaded->last_epoch);
  EXPECT_TRUE(loaded->records.templates.empty());
}

TEST_F(RocksDbStoreTest, WhatWasCommittedIsThereAfterReopening) {
  const InstanceId id{new_uuid()};
  core::Changes changes;
  changes.templates = {test::a_template("数据")};
  changes.instances = {test::an_instance(id, core::InstanceState::running)};
  changes.allocations = {test::an_allocation(id, {core::TaskState::running, 1, 1, 0, {}})};
  ASSERT_TRUE(store_->begin_epoch(Epoch{5}).ok());
  commit(changes);

  const Loaded loaded = reopen();
  EXPECT_EQ(Index{1}, loaded.last_index);
  EXPECT_EQ(Epoch{5}, loaded.last_epoch);
  ASSERT_EQ(1u, loaded.records.templates.size());
  EXPECT_EQ("数据", loaded.records.templates[0]->spec.name);
  ASSERT_EQ(1u, loaded.records.instances.size());
  EXPECT_EQ(id, loaded.records.instances[0]->id);
  ASSERT_EQ(1u, loaded.records.allocations.size());
  EXPECT_TRUE(loaded.set_aside.empty());
}

TEST_F(RocksDbStoreTest, WhatHasEndedLeavesTheHotRecordsForTheHistory) {
  const InstanceId id{new_uuid()};
  core::Changes running;
  running.instances = {test::an_instance(id, core::InstanceState::running)};
  running.allocations = {test::an_allocation(id, {core::TaskState::running, 1, 1, 0, {}})};
  commit(running);
  EXPECT_FALSE(in_history(id));
  finish(id, 1);

  EXPECT_TRUE(in_history(id));
  const Loaded loaded = reopen();
  EXPECT_TRUE(loaded.records.instances.empty());
  EXPECT_TRUE(loaded.records.allocations.empty());
  EXPECT_TRUE(in_history(id));
}

TEST_F(RocksDbStoreTest, ABatchMayHoldAnInstancesChangesAndItsEnd) {
  const InstanceId id{new_uuid()};
  core::Changes changes;
  changes.instances = {test::an_instance(id, core::InstanceState::running)};
  changes.allocations = {test::an_allocation(id, {core::TaskState::running, 1, 1, 0, {}})};
  changes.finished = {test::a_finished_instance(id, 1)};
  commit(changes);
  EXPECT_TRUE(in_history(id));
  EXPECT_TRUE(reopen().records.instances.empty());
}

TEST_F(RocksDbStoreTest, ASecondMasterIsTurnedAway) {
  const auto second = open_rocksdb(directory_.path());
  ASSERT_FALSE(second.ok());
  EXPECT_NE(std::string::npos, second.error().message.find("another drover-master"));
}

TEST_F(RocksDbStoreTest, AnotherSchemaIsRefusedAndSaidSo) {
  write_raw("default", kSchemaKey, "99");
  const auto opened = open_rocksdb(directory_.path());
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(std::string::npos, opened.error().message.find("has schema '99'"));
  EXPECT_NE(std::string::npos, opened.error().message.find("knows 3 and takes 2 over"));
}

TEST_F(RocksDbStoreTest, ADirectoryThatIsAFileIsRefused) {
  const auto opened = open_rocksdb(directory_.write("file", ""));
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(std::string::npos, opened.error().message.find("Not a directory"));
}

}  // namespace
}  // namespace drover::store
