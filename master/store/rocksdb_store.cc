#include "master/store/rocksdb_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <charconv>
#include <unordered_set>
#include <utility>

#include "common/limits.h"
#include "master/store/keys.h"
#include "master/store/rocksdb_log.h"

namespace drover::store {
namespace {

constexpr const char* kFamilyNames[] = {"default", "templates", "instances",    "allocations",
                                        "nodes",   "history",   "history_order"};
constexpr std::size_t kCacheBytes = 32 << 20;
constexpr std::size_t kWriteBufferBytes = 16 << 20;
constexpr std::uint64_t kLogBytes = 64 << 20;  // of the write-ahead log, replayed at a start
constexpr core::UnixMs kTrimPeriodMs = 10'000;

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

// After an error RocksDB tries again by itself, when there is room again for example. What was
// refused has been told to clients by then: only a new start finds out what is really there.
class NoRecovery final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.max_background_jobs = 2;
  options.max_open_files = 256;
  options.info_log = make_rocksdb_log();
  options.listeners.push_back(std::make_shared<NoRecovery>());
  options.max_total_wal_size = kLogBytes;
  // A torn end of the log was never acknowledged and is dropped. Damage before the end is an error:
  // what follows it was acknowledged, and dropping that without a word is not ours to do.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  return options;
}

rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = kWriteBufferBytes;
  options.compression = rocksdb::kNoCompression;
  for (const rocksdb::CompressionType type : rocksdb::GetSupportedCompressions()) {
    if (type == rocksdb::kLZ4Compression) options.compression = type;
  }
  return options;
}

rocksdb::WriteOptions synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocksdb(const std::string& directory,
                                            const HistoryLimits& history) {
  return RocksDbStore::open(directory, history);
}

Result<std::unique_ptr<Store>> RocksDbStore::open(const std::string& directory,
                                                  const HistoryLimits& history,
                                                  rocksdb::Env* files) {
  auto lock = FileLock::take(directory + "/lock", "another drover-master");
  if (!lock) return lock.error();
  std::unique_ptr<RocksDbStore> store(new RocksDbStore(directory, std::move(*lock), history));
  if (const auto opened = store->open_database(files); !opened) return opened.error();
  if (const auto known = store->check_schema(); !known) return known.error();
  return std::unique_ptr<Store>(std::move(store));
}

RocksDbStore::~RocksDbStore() {
  for (rocksdb::ColumnFamilyHandle* handle : families_) {
    database_->DestroyColumnFamilyHandle(handle);
  }
}

Error RocksDbStore::failed(const std::string& doing, const rocksdb::Status& status) const {
  return {ErrorKind::io, "cannot " + doing + " the store in " + directory_ + ": " +
                             status.ToString() +
                             "; check the disk's health, space and permissions"};
}

drover::Status RocksDbStore::open_database(rocksdb::Env* files) {
  const auto cache = rocksdb::NewLRUCache(kCacheBytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const char* name : kFamilyNames) descriptors.emplace_back(name, family_options(cache));
  rocksdb::DB* database = nullptr;
  rocksdb::DBOptions options = database_options();
  options.env = files;
  const rocksdb::Status opened =
      rocksdb::DB::Open(options, directory_ + "/rocksdb", descriptors, &families_, &database);
  if (!opened.ok()) return failed("open", opened);
  database_.reset(database);
  return Done{};
}

drover::Status RocksDbStore::check_schema() {
  std::string stored;
  const rocksdb::Status read = database_->Get({}, kSchemaKey, &stored);
  if (read.IsNotFound()) {
    const auto written = database_->Put(synced(), kSchemaKey, std::to_string(kSchema));
    if (!written.ok()) return failed("write the schema number of", written);
    return Done{};
  }
  if (!read.ok()) return failed("read the schema number of", read);
  int schema = 0;
  std::from_chars(stored.data(), stored.data() + stored.size(), schema);
  if (schema == kSchema) return Done{};
  return Error{ErrorKind::invalid,
               "the store in " + directory_ + " has schema '" + stored +
                   "', this drover-master knows up to " + std::to_string(kSchema) +
                   "; start the newer version that wrote it, or restore a backup"};
}

template <class Visit>
drover::Status RocksDbStore::for_each(Family which, Visit visit) const {
  rocksdb::ReadOptions options;
  options.readahead_size = 1 << 20;
  const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator(options, family(which)));
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    visit(cursor->key().ToStringView(), cursor->value().ToStringView());
  }
  if (!cursor->status().ok()) return failed("read", cursor->status());
  return Done{};
}

Result<Loaded> RocksDbStore::load() {
  Loaded loaded;
  std::string stored;
  const rocksdb::Status read = database_->Get({}, kMetaKey, &stored);
  if (!read.ok() && !read.IsNotFound()) return failed("read", read);
  if (read.ok()) {
    const auto meta = decode_meta(stored);
    if (!meta) {
      return Error{ErrorKind::io, "the store in " + directory_ + " has a damaged head: " +
                                      meta.error().message + "; restore a backup"};
    }
    meta_ = *meta;
  }
  loaded.last_index = meta_.index;
  loaded.last_epoch = meta_.epoch;

  // Reads one family into one list; a record that cannot be read is named and left alone.
  const auto read_into = [&](Family which, auto decode, auto& records) {
    return for_each(which, [&](std::string_view key, std::string_view value) {
      auto record = decode(value);
      if (record) {
        using Record = std::decay_t<decltype(*record)>;
        records.push_back(std::make_shared<const Record>(std::move(*record)));
      } else {
        const auto id = Uuid::from_bytes(key.substr(0, sizeof(Uuid)));
        loaded.set_aside.push_back(std::string(kFamilyNames[which]) + "/" +
                                   (id && which != kTemplates ? id->text() : std::string(key)) +
                                   ": " + record.error().message);
      }
    });
  };
  core::Recovered& records = loaded.records;
  if (auto done = read_into(kTemplates, decode_template, records.templates); !done)
    return done.error();
  if (auto done = read_into(kInstances, decode_instance, records.instances); !done)
    return done.error();
  if (auto done = read_into(kAllocations, decode_allocation, records.allocations); !done) {
    return done.error();
  }
  if (auto done = read_into(kNodes, decode_node, records.nodes); !done) return done.error();
  return loaded;
}

drover::Status RocksDbStore::write(rocksdb::WriteBatch& batch, const Meta& meta) {
  batch.Put(family(kDefault), kMetaKey, encode(meta));
  const rocksdb::Status written = database_->Write(synced(), &batch);
  if (!written.ok()) return failed("write to", written);
  meta_ = meta;
  return Done{};
}

drover::Status RocksDbStore::begin_epoch(Epoch epoch) {
  rocksdb::WriteBatch batch;
  Meta meta = meta_;
  meta.epoch = epoch;
  return write(batch, meta);
}

void RocksDbStore::put_finished(rocksdb::WriteBatch& batch, const core::FinishedInstance& ended,
                                Index index, core::UnixMs ended_at) const {
  const InstanceId& id = ended.instance->id;
  batch.Delete(family(kInstances), slice(id.raw()));
  for (std::uint32_t group = 0; group < ended.instance->group_count; ++group) {
    batch.Delete(family(kAllocations), allocation_key(id, group));
  }
  batch.Put(family(kHistory), slice(id.raw()), encode(ended));
  batch.Put(family(kHistoryOrder), history_order_key(index, id),
            big_endian(static_cast<std::uint64_t>(ended_at)));
}

drover::Status RocksDbStore::commit(const core::Changes& changes, Index index) {
  rocksdb::WriteBatch batch;
  // What ends within the batch need not be written as hot first.
  std::unordered_set<InstanceId> ended;
  for (const auto& each : changes.finished) ended.insert(each.instance->id);

  for (const auto& record : changes.templates) {
    batch.Put(family(kTemplates), record->spec.name, encode(*record));
  }
  for (const auto& record : changes.instances) {
    if (ended.count(record->id) > 0) continue;
    batch.Put(family(kInstances), slice(record->id.raw()), encode(*record));
  }
  for (const auto& record : changes.allocations) {
    if (ended.count(record->id.instance) > 0) continue;
    batch.Put(family(kAllocations), allocation_key(record->id.instance, record->id.group),
              encode(*record));
  }
  for (const auto& record : changes.nodes) {
    batch.Put(family(kNodes), slice(record->id.raw()), encode(*record));
  }
  for (const auto& each : changes.finished) {
    put_finished(batch, each, index, each.instance->state_since);
  }
  Meta meta = meta_;
  meta.index = index;
  meta.finished_count += changes.finished.size();
  return write(batch, meta);
}

Result<std::optional<core::FinishedInstance>> RocksDbStore::find_finished(
    const InstanceId& id) const {
  rocksdb::PinnableSlice stored;
  const rocksdb::Status read = database_->Get({}, family(kHistory), slice(id.raw()), &stored);
  if (read.IsNotFound()) return std::optional<core::FinishedInstance>();
  if (!read.ok()) return failed("read", read);
  auto record = decode_finished(stored.ToStringView());
  if (!record) {
    return Error{ErrorKind::io,
                 "the history of instance " + id.text() + ": " + record.error().message};
  }
  return std::optional<core::FinishedInstance>(std::move(*record));
}

drover::Status RocksDbStore::trim_history(core::UnixMs now) {
  const bool too_many = meta_.finished_count > history_.instances;
  if (!too_many && now < next_trim_) return Done{};
  next_trim_ = now + kTrimPeriodMs;

  const core::UnixMs oldest_kept = now - history_.age.count();
  const std::uint64_t surplus = too_many ? meta_.finished_count - history_.instances : 0;
  rocksdb::WriteBatch batch;
  std::string first;
  std::string end;
  std::uint64_t dropped = 0;
  const std::unique_ptr<rocksdb::Iterator> cursor(
      database_->NewIterator({}, family(kHistoryOrder)));
  for (cursor->SeekToFirst(); cursor->Valid() && dropped < limits::kHistoryTrimBatch;
       cursor->Next()) {
    const auto ended_at = from_big_endian(cursor->value().ToStringView());
    const bool too_old = !ended_at || static_cast<core::UnixMs>(*ended_at) < oldest_kept;
    if (dropped >= surplus && !too_old) break;
    const auto id = instance_of_history_order_key(cursor->key().ToStringView());
    if (id) batch.Delete(family(kHistory), slice(id->raw()));
    if (first.empty()) first = cursor->key().ToString();
    end = cursor->key().ToString();
    ++dropped;
  }
  if (!cursor->status().ok()) return failed("read", cursor->status());
  if (dropped == 0) return Done{};
  // One tombstone for the range, so that the next look at the beginning need not step over each.
  batch.DeleteRange(family(kHistoryOrder), first, end + '\0');
  Meta meta = meta_;
  meta.finished_count -= std::min(dropped, meta.finished_count);
  if (dropped == limits::kHistoryTrimBatch) next_trim_ = now;
  return write(batch, meta);
}

}  // namespace drover::store
