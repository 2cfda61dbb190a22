#include "master/store/table_check.h"

#include <rocksdb/convenience.h>
#include <rocksdb/sst_file_reader.h>

namespace drover::store {

rocksdb::Status verify_table(const rocksdb::Options& options, const std::string& path) {
  rocksdb::Options quiet = options;
  quiet.info_log.reset();  // it would say that it looks at a table alone, without its database
  rocksdb::SstFileReader table(quiet);
  if (const rocksdb::Status opened = table.Open(path); !opened.ok()) return opened;
  return table.VerifyChecksum();
}

void CheckedCompactions::OnCompactionBegin(rocksdb::DB* database,
                                           const rocksdb::CompactionJobInfo& job) {
  for (const std::string& path : job.input_files) {
    const rocksdb::Status verified = verify_table(database->GetOptions(), path);
    if (verified.ok()) continue;
    {
      const std::lock_guard lock(mutex_);
      damage_ = verified;
    }
    // The job that begins sees this, and gives up what it has made.
    rocksdb::CancelAllBackgroundWork(database, /*wait=*/false);
    return;
  }
}

rocksdb::Status CheckedCompactions::damage() const {
  const std::lock_guard lock(mutex_);
  return damage_;
}

}  // namespace drover::store
