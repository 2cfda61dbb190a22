// A store on real RocksDB in a directory of its own.
#pragma once

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "master/store/store.h"
#include "tests/support/records.h"
#include "tests/support/temp_dir.h"

namespace drover::store {

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

  // What stands under `key`; empty: nothing does.
  std::string read_raw(const std::string& family, const std::string& key) {
    std::string value;
    with_raw(family, [&](rocksdb::DB& database, rocksdb::ColumnFamilyHandle* handle) {
      const auto read = database.Get({}, handle, key, &value);
      EXPECT_TRUE(read.ok() || read.IsNotFound());
    });
    return value;
  }
  // All values of a family.
  std::vector<std::string> values_raw(const std::string& family) {
    std::vector<std::string> values;
    with_raw(family, [&](rocksdb::DB& database, rocksdb::ColumnFamilyHandle* handle) {
      const std::unique_ptr<rocksdb::Iterator> cursor(database.NewIterator({}, handle));
      for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
        values.push_back(cursor->value().ToString());
      }
    });
    return values;
  }

  // Writes as another program would, past the store, which is closed.
  void write_raw(const std::string& family, const std::string& key, const std::string& value) {
    with_raw(family, [&](rocksdb::DB& database, rocksdb::ColumnFamilyHandle* handle) {
      EXPECT_TRUE(database.Put({}, handle, key, value).ok());
    });
  }

  template <class Use>
  void with_raw(const std::string& family, Use use) {
    store_.reset();
    const rocksdb::DBOptions options;
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
      if (handle->GetName() == family) use(*database, handle);
      database->DestroyColumnFamilyHandle(handle);
    }
  }

  TempDir directory_;
  HistoryLimits history_;
  std::unique_ptr<Store> store_;
  std::uint64_t index_ = 0;
};

}  // namespace drover::store
