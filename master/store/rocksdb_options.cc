#include "master/store/rocksdb_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <utility>

#include "common/log.h"

namespace drover::store {
namespace {

constexpr std::size_t kCacheBytes = 32 << 20;
constexpr std::uint64_t kLogBytes = 64 << 20;  // of the write-ahead log, replayed at a start

// After an error RocksDB tries again by itself, when there is room again for example. What was
// refused has been told to clients by then: only a new start finds out what is really there.
class NoRecovery final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

}  // namespace

void RocksDbLog::Logv(const rocksdb::InfoLogLevel level, const char* format,
                      std::va_list arguments) {
  if (level < rocksdb::WARN_LEVEL || level > rocksdb::FATAL_LEVEL) return;
  std::array<char, 1024> text;  // longer lines are cut
  std::vsnprintf(text.data(), text.size(), format, arguments);
  std::string line = text.data();
  while (!line.empty() && line.back() == '\n') line.pop_back();
  if (level == rocksdb::WARN_LEVEL) {
    log::warning("rocksdb", {{"says", line}});
  } else {
    log::error("rocksdb", {{"says", line}});
  }
  const std::lock_guard lock(mutex_);
  last_ = line;
}

std::string RocksDbLog::last_words() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

rocksdb::DBOptions database_options(rocksdb::Env* files, std::shared_ptr<RocksDbLog> log,
                                    std::shared_ptr<CheckedCompactions> compactions) {
  rocksdb::DBOptions options;
  options.env = files;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.max_background_jobs = 2;
  options.max_open_files = 256;
  options.info_log = std::move(log);
  options.listeners = {std::make_shared<NoRecovery>(), std::move(compactions)};
  options.max_total_wal_size = kLogBytes;
  options.paranoid_checks = true;
  // A torn end of the log was never acknowledged, and is dropped. Damage before the end is an
  // error: what follows it was acknowledged. The other modes would drop that without a word (point
  // in time, skip any), or refuse the torn end, too (absolute consistency).
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // The log before the last one has no torn end: it was synced whole before the next was begun.
  options.track_and_verify_wals_in_manifest = true;
  return options;
}

rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache,
                                            std::size_t write_buffer_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = write_buffer_bytes;
  options.compression = rocksdb::kNoCompression;
  for (const rocksdb::CompressionType type : rocksdb::GetSupportedCompressions()) {
    if (type == rocksdb::kLZ4Compression) options.compression = type;
  }
  return options;
}

std::shared_ptr<rocksdb::Cache> make_cache() { return rocksdb::NewLRUCache(kCacheBytes); }

rocksdb::WriteOptions synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

}  // namespace drover::store
