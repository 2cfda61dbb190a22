// How RocksDB is used, and why so.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <mutex>
#include <string>

#include "master/store/table_check.h"

namespace drover::store {

inline constexpr std::size_t kWriteBufferBytes = 16 << 20;

// RocksDB's own words, from warnings on, in the master's log. Any thread.
//
// A log file of its own, as RocksDB makes it otherwise, lives on the store's disk: when that is
// full, its library ends the process over its next line.
class RocksDbLog final : public rocksdb::Logger {
 public:
  RocksDbLog() : Logger(rocksdb::WARN_LEVEL) {}

  using Logger::Logv;
  void Logv(const char*, std::va_list) override {}  // what has no level is of no weight
  void Logv(const rocksdb::InfoLogLevel level, const char* format, std::va_list arguments) override;

  // The last line; empty: there was none.
  std::string last_words() const;

 private:
  mutable std::mutex mutex_;
  std::string last_;
};

rocksdb::DBOptions database_options(rocksdb::Env* files, std::shared_ptr<RocksDbLog> log,
                                    std::shared_ptr<CheckedCompactions> compactions);
rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache,
                                            std::size_t write_buffer_bytes);
std::shared_ptr<rocksdb::Cache> make_cache();
rocksdb::WriteOptions synced();

}  // namespace drover::store
