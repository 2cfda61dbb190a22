// The store against real RocksDB in a directory of its own.
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <chrono>

#include "common/limits.h"
#include "master/store/keys.h"
#include "master/store/store.h"
#include "tests/support/records.h"
#include "tests/support/temp_dir.h"

namespace drover::store {
namespace {

class RocksDbStoreTest : public testing::Test {
 protected:
  void SetUp() override { open(); }

  void open() {
    auto opened = open_rocksdb(directory_.path(), history_);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(*opened);
  }

  Loaded reopen() {
    store_.reset();
    open();
    auto loaded = store_->load();
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    return std::move(*loaded);
  }

  void commit(const core::Changes& changes) {
    const auto done = store_->commit(changes, Index{++index_});
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  void finish(const InstanceId& id, core::UnixMs ended_at) {
    core::Changes changes;
    changes.finished = {test::a_finished_instance(id, ended_at)};
    commit(changes);
  }

  bool in_history(const InstanceId& id) {
    const auto found = store_->find_finished(id);
    EXPECT_TRUE(found.ok());
    return found->has_value();
  }

  // Writes as another program would, past the store.
  void write_raw(const std::string& family, const std::string& key, const std::string& value) {
    store_.reset();
    rocksdb::DBOptions options;
    std::vector<std::string> names;
    ASSERT_TRUE(rocksdb::DB::ListColumnFamilies(options, directory_ / "rocksdb", &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
    for (const auto& name : names) descriptors.emplace_back(name, rocksdb::ColumnFamilyOptions());
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(
        rocksdb::DB::Open(options, directory_ / "rocksdb", descriptors, &handles, &raw).ok());
    const std::unique_ptr<rocksdb::DB> database(raw);
    for (auto* handle : handles) {
      if (handle->GetName() == family) {
        ASSERT_TRUE(database->Put({}, handle, key, value).ok());
      }
      database->DestroyColumnFamilyHandle(handle);
    }
  }

  TempDir directory_;
  HistoryLimits history_;
  std::unique_ptr<Store> store_;
  std::uint64_t index_ = 0;
};

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

TEST_F(RocksDbStoreTest, TheHistoryForgetsByAgeTheLongestEndedFirst) {
  const core::UnixMs day = 24LL * 3600 * 1000;
  const core::UnixMs now = 1'700'000'000'000;
  const core::UnixMs age =
      std::chrono::duration_cast<std::chrono::milliseconds>(limits::kHistoryAge).count();
  const InstanceId old_one{new_uuid()};
  const InstanceId recent{new_uuid()};
  finish(old_one, now - age - day);
  finish(recent, now - day);
  ASSERT_TRUE(store_->trim_history(now).ok());
  EXPECT_FALSE(in_history(old_one));
  EXPECT_TRUE(in_history(recent));
  reopen();
  ASSERT_TRUE(store_->trim_history(now + age + day).ok());
  EXPECT_FALSE(in_history(recent));
}

TEST_F(RocksDbStoreTest, TheHistoryForgetsByNumberTheLongestEndedFirst) {
  history_.instances = 3;
  reopen();
  std::vector<InstanceId> ids;
  for (int number = 0; number < 5; ++number) {
    ids.push_back(InstanceId{new_uuid()});
    finish(ids.back(), 1'700'000'000'000 + number);
  }
  // How many there are is remembered, not counted anew.
  reopen();
  ASSERT_TRUE(store_->trim_history(1'700'000'000'010).ok());
  for (std::size_t number = 0; number < ids.size(); ++number) {
    EXPECT_EQ(number >= 2, in_history(ids[number])) << number;
  }
  // Exactly as many as are allowed: nothing more goes.
  ASSERT_TRUE(store_->trim_history(1'700'000'000'020).ok());
  EXPECT_TRUE(in_history(ids[2]));
}

TEST_F(RocksDbStoreTest, ASecondMasterIsTurnedAway) {
  const auto second = open_rocksdb(directory_.path());
  ASSERT_FALSE(second.ok());
  EXPECT_NE(std::string::npos, second.error().message.find("another drover-master"));
}

TEST_F(RocksDbStoreTest, ANewerSchemaIsRefusedAndSaidSo) {
  write_raw("default", kSchemaKey, "2");
  const auto opened = open_rocksdb(directory_.path());
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(std::string::npos, opened.error().message.find("has schema '2'"));
  EXPECT_NE(std::string::npos, opened.error().message.find("knows up to 1"));
}

TEST_F(RocksDbStoreTest, ADamagedRecordIsNamedAndTheRestIsRead) {
  const InstanceId id{new_uuid()};
  core::Changes changes;
  changes.templates = {test::a_template("good")};
  commit(changes);
  write_raw("templates", "bad", "\x01\xff\xff\xff");
  write_raw("instances", std::string(id.raw()), "\x07");
  const Loaded loaded = reopen();
  ASSERT_EQ(1u, loaded.records.templates.size());
  ASSERT_EQ(2u, loaded.set_aside.size());
  EXPECT_EQ("templates/bad: the record's bytes are damaged", loaded.set_aside[0]);
  EXPECT_EQ("instances/" + id.text() + ": the record's format is 7, known is 1",
            loaded.set_aside[1]);
}

TEST_F(RocksDbStoreTest, ADirectoryThatIsAFileIsRefused) {
  const auto opened = open_rocksdb(directory_.write("file", ""));
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(std::string::npos, opened.error().message.find("Not a directory"));
}

}  // namespace
}  // namespace drover::store
