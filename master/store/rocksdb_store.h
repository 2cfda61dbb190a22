// The store on RocksDB. The only class that knows it.
#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/files.h"
#include "master/store/record_codec.h"
#include "master/store/rocksdb_options.h"
#include "master/store/store.h"

namespace drover::store {

class RocksDbStore final : public Store {
 public:
  // Where the database lives, and how much of it is in memory before a table is written.
  struct Place {
    rocksdb::Env* files = rocksdb::Env::Default();  // must outlive the store
    std::size_t write_buffer_bytes = kWriteBufferBytes;
  };

  // See open_rocksdb.
  static Result<std::unique_ptr<Store>> open(const std::string& directory,
                                             const HistoryLimits& history, const Place& place);

  ~RocksDbStore() override;

  Result<Loaded> load() override;
  drover::Status begin_epoch(Epoch epoch) override;
  drover::Status commit(const core::Changes& changes, Index index) override;
  Result<std::optional<core::FinishedInstance>> find_finished(const InstanceId& id) const override;
  drover::Status visit_finished(const std::optional<InstanceId>& before,
                                const Visit& visit) const override;
  Result<std::optional<core::UsedKey>> find_key(const std::string& key) const override;
  Result<EventPage> events_after(Index index, std::size_t most) const override;
  std::vector<Statistic> statistics() const override;
  drover::Status trim(std::chrono::milliseconds now) override;

 private:
  enum Family {
    kDefault,
    kTemplates,
    kInstances,
    kAllocations,
    kNodes,
    kHistory,
    kHistoryOrder,
    kQuarantine,
    kEvents,
    kRequestKeys,
    kRequestOrder,
    kFamilies
  };
  static const char* name_of(Family family);

  RocksDbStore(std::string directory, FileLock lock, const HistoryLimits& history)
      : directory_(std::move(directory)), lock_(std::move(lock)), history_(history) {}

  // rocksdb_store.cc
  drover::Status open_database(const Place& place);
  drover::Status check_schema();
  drover::Status write_schema();
  drover::Status write(rocksdb::WriteBatch& batch, const Meta& meta);
  void set_meta(const Meta& meta);
  rocksdb::ColumnFamilyHandle* family(Family which) const { return families_.at(which); }
  Error failed(const std::string& doing, const rocksdb::Status& status) const;

  // rocksdb_load.cc
  drover::Status verify_tables() const;
  Result<std::optional<Meta>> read_meta(Loaded& loaded) const;
  template <class Record>
  drover::Status read_family(Family which, Result<Record> (*decode)(std::string_view),
                             std::vector<core::Ptr<Record>>& records,
                             std::vector<Quarantined>& damaged) const;
  drover::Status quarantine(const std::vector<Quarantined>& damaged);

  // rocksdb_history.cc
  void put_finished(rocksdb::WriteBatch& batch, const core::FinishedInstance& ended,
                    Index index) const;
  drover::Status forget(rocksdb::WriteBatch& batch, const std::vector<InstanceId>& ids,
                        Meta& meta) const;
  drover::Status drop_oldest(std::uint64_t surplus);
  drover::Status drop(const std::vector<std::string>& order_keys);

  // rocksdb_keys.cc
  void put_keys(rocksdb::WriteBatch& batch, const std::vector<core::UsedKey>& keys,
                Index index) const;
  drover::Status trim_keys();

  // rocksdb_events.cc
  void put_events(rocksdb::WriteBatch& batch, const std::vector<core::ClusterEvent>& events,
                  Index index, Meta& meta) const;
  Result<Index> first_index_behind(std::uint64_t events) const;
  drover::Status trim_events();

  // Constant after open.
  const std::string directory_;
  const FileLock lock_;
  const HistoryLimits history_;
  const std::shared_ptr<RocksDbLog> log_ = std::make_shared<RocksDbLog>();
  const std::shared_ptr<CheckedCompactions> compactions_ = std::make_shared<CheckedCompactions>();
  std::unique_ptr<rocksdb::DB> database_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // in the order of Family; owned

  // Of meta_, for readers.
  std::atomic<std::uint64_t> event_count_{0};
  std::atomic<std::uint64_t> events_dropped_to_{0};

  // Engine thread only.
  Meta meta_;
  std::optional<std::chrono::milliseconds> counted_to_;  // monotonic; see Meta::running
  // In terms of Meta::running: when events and keys are looked at again, and when the history is.
  std::chrono::milliseconds next_trim_{0};
  std::chrono::milliseconds next_drop_{0};
};

}  // namespace drover::store
