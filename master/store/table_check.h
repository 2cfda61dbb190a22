// RocksDB 7.8, as the distribution ships it, passes over a damaged block while it iterates over
// several tables, and ends with success (mended in 8.6 by "iterator status is not checked"). A
// start misses records without a word; by its makers' account a compaction may, too, which would
// make that final. So tables are verified whole before either.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/listener.h>

#include <mutex>
#include <string>

namespace drover::store {

// Reads the table and compares all of its checksums. The error names it.
rocksdb::Status verify_table(const rocksdb::Options& options, const std::string& path);

// Verifies what is about to be compacted. Once something is damaged, nothing is compacted any more.
// Any thread.
class CheckedCompactions final : public rocksdb::EventListener {
 public:
  void OnCompactionBegin(rocksdb::DB* database, const rocksdb::CompactionJobInfo& job) override;

  // What was found; ok: nothing.
  rocksdb::Status damage() const;

 private:
  mutable std::mutex mutex_;
  rocksdb::Status damage_;
};

}  // namespace drover::store
