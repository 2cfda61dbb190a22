// The store on RocksDB. The only class that knows it.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <string>
#include <vector>

#include "common/files.h"
#include "master/store/record_codec.h"
#include "master/store/store.h"

namespace drover::store {

class RocksDbStore final : public Store {
 public:
  // See open_rocksdb. `files`: where the database lives; must outlive the store.
  static Result<std::unique_ptr<Store>> open(const std::string& directory,
                                             const HistoryLimits& history,
                                             rocksdb::Env* files = rocksdb::Env::Default());

  ~RocksDbStore() override;

  Result<Loaded> load() override;
  drover::Status begin_epoch(Epoch epoch) override;
  drover::Status commit(const core::Changes& changes, Index index) override;
  Result<std::optional<core::FinishedInstance>> find_finished(const InstanceId& id) const override;
  drover::Status trim_history(core::UnixMs now) override;

 private:
  enum Family {
    kDefault,
    kTemplates,
    kInstances,
    kAllocations,
    kNodes,
    kHistory,
    kHistoryOrder,
    kFamilies
  };

  RocksDbStore(std::string directory, FileLock lock, const HistoryLimits& history)
      : directory_(std::move(directory)), lock_(std::move(lock)), history_(history) {}

  drover::Status open_database(rocksdb::Env* files);
  drover::Status check_schema();
  template <class Visit>
  drover::Status for_each(Family family, Visit visit) const;
  void put_finished(rocksdb::WriteBatch& batch, const core::FinishedInstance& ended, Index index,
                    core::UnixMs ended_at) const;
  drover::Status write(rocksdb::WriteBatch& batch, const Meta& meta);
  rocksdb::ColumnFamilyHandle* family(Family which) const { return families_.at(which); }
  Error failed(const std::string& doing, const rocksdb::Status& status) const;

  // Constant after open.
  const std::string directory_;
  const FileLock lock_;
  const HistoryLimits history_;
  std::unique_ptr<rocksdb::DB> database_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // in the order of Family; owned

  // Engine thread only.
  Meta meta_;
  core::UnixMs next_trim_ = 0;
};

}  // namespace drover::store
