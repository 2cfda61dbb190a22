// RocksDB's own words, in the master's log.
//
// A log file of its own, as RocksDB makes it otherwise, lives on the store's disk: when that is
// full, its library ends the process over its next line.
#pragma once

#include <rocksdb/env.h>

#include <memory>

namespace drover::store {

// From warnings on. Any thread.
std::shared_ptr<rocksdb::Logger> make_rocksdb_log();

}  // namespace drover::store
