// What RocksDB says of itself.
#include "master/store/rocksdb_store.h"

namespace drover::store {
namespace {

// Of each family: rocksdb/db.h, DB::Properties.
constexpr const char* kOfFamilies[] = {
    "rocksdb.estimate-num-keys",
    "rocksdb.total-sst-files-size",
    "rocksdb.cur-size-all-mem-tables",
    "rocksdb.estimate-pending-compaction-bytes",
};
constexpr const char* kOfAll[] = {
    "rocksdb.num-running-compactions",   "rocksdb.num-running-flushes",
    "rocksdb.actual-delayed-write-rate", "rocksdb.is-write-stopped",
    "rocksdb.background-errors",         "rocksdb.block-cache-usage",
};

}  // namespace

std::vector<Statistic> RocksDbStore::statistics() const {
  std::vector<Statistic> found;
  std::uint64_t value = 0;
  for (const char* name : kOfAll) {
    if (!database_->GetIntProperty(name, &value)) continue;
    found.push_back({name, "", static_cast<double>(value)});
  }
  for (int number = 0; number < kFamilies; ++number) {
    const auto which = static_cast<Family>(number);
    for (const char* name : kOfFamilies) {
      if (!database_->GetIntProperty(family(which), name, &value)) continue;
      found.push_back({name, name_of(which), static_cast<double>(value)});
    }
  }
  return found;
}

}  // namespace drover::store
