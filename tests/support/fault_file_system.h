// RocksDB's files on a MemoryDisk.
#pragma once

#include <rocksdb/env.h>

#include <memory>

#include "tests/support/memory_disk.h"

namespace drover::test {

// `disk` must outlive it, and every database that uses it.
std::unique_ptr<rocksdb::Env> make_fault_env(MemoryDisk& disk);

}  // namespace drover::test
