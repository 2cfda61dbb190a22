#include "master/store/rocksdb_store.h"

#include <rocksdb/write_batch.h>

#include <charconv>
#include <unordered_set>
#include <utility>

#include "master/store/keys.h"

namespace drover::store {
namespace {

constexpr const char* kFamilyNames[] = {"default", "templates",    "instances",     "allocations",
                                        "nodes",   "history",      "history_order", "quarantine",
                                        "events",  "request_keys", "request_order"};

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Result<std::unique_ptr<Store>> open_rocksdb(const std::string& directory,
                                            const HistoryLimits& history) {
  return RocksDbStore::open(directory, history, {});
}

Result<std::unique_ptr<Store>> RocksDbStore::open(const std::string& directory,
                                                  const HistoryLimits& history,
                                                  const Place& place) {
  auto lock = FileLock::take(directory + "/lock", "another drover-master");
  if (!lock) return lock.error();
  std::unique_ptr<RocksDbStore> store(new RocksDbStore(directory, std::move(*lock), history));
  if (const auto opened = store->open_database(place); !opened) return opened.error();
  if (const auto known = store->check_schema(); !known) return known.error();
  return std::unique_ptr<Store>(std::move(store));
}

RocksDbStore::~RocksDbStore() {
  for (rocksdb::ColumnFamilyHandle* handle : families_) {
    database_->DestroyColumnFamilyHandle(handle);
  }
}

const char* RocksDbStore::name_of(Family family) { return kFamilyNames[family]; }

Error RocksDbStore::failed(const std::string& doing, const rocksdb::Status& status) const {
  const std::string what =
      "cannot " + doing + " the store in " + directory_ + ": " + status.ToString();
  if (!status.IsCorruption()) {
    return {ErrorKind::io, what + "; check the disk's health, space and permissions"};
  }
  const std::string words = log_->last_words();
  return {ErrorKind::io, what + (words.empty() ? "" : " (" + words + ")") +
                             "; what is on the disk is damaged and was left as it is: check the "
                             "disk's health, then restore a backup"};
}

drover::Status RocksDbStore::open_database(const Place& place) {
  const std::string directory = directory_ + "/rocksdb";
  // Where RocksDB makes it by itself, the first start begins with an error in the log.
  if (const auto made = place.files->CreateDirIfMissing(directory); !made.ok()) {
    return failed("make", made);
  }
  const auto cache = make_cache();
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const char* name : kFamilyNames)
    descriptors.emplace_back(name, family_options(cache, place.write_buffer_bytes));
  rocksdb::DB* database = nullptr;
  const rocksdb::Status opened =
      rocksdb::DB::Open(database_options(place.files, log_, compactions_), directory, descriptors,
                        &families_, &database);
  if (!opened.ok()) return failed("open", opened);
  database_.reset(database);
  return Done{};
}

drover::Status RocksDbStore::write_schema() {
  const auto written = database_->Put(synced(), kSchemaKey, std::to_string(kSchema));
  if (!written.ok()) return failed("write the schema number of", written);
  return Done{};
}

drover::Status RocksDbStore::check_schema() {
  std::string stored;
  const rocksdb::Status read = database_->Get({}, kSchemaKey, &stored);
  if (read.IsNotFound()) return write_schema();
  if (!read.ok()) return failed("read the schema number of", read);
  int schema = 0;
  std::from_chars(stored.data(), stored.data() + stored.size(), schema);
  if (schema == kSchema) return Done{};
  // It has all that this one has but the families that have just been made.
  if (schema == kFormerSchema) return write_schema();
  return Error{ErrorKind::invalid,
               "the store in " + directory_ + " has schema '" + stored +
                   "', this drover-master knows " + std::to_string(kSchema) + " and takes " +
                   std::to_string(kFormerSchema) +
                   " over; start the version that wrote it, or restore a backup"};
}

drover::Status RocksDbStore::write(rocksdb::WriteBatch& batch, const Meta& meta) {
  if (const rocksdb::Status damage = compactions_->damage(); !damage.ok()) {
    return failed("tidy up", damage);
  }
  const std::string head = encode(meta);
  batch.Put(family(kDefault), kMetaKey, head);
  batch.Put(family(kDefault), kMetaCopyKey, head);
  const rocksdb::Status written = database_->Write(synced(), &batch);
  if (!written.ok()) return failed("write to", written);
  set_meta(meta);
  return Done{};
}

void RocksDbStore::set_meta(const Meta& meta) {
  meta_ = meta;
  event_count_ = meta.event_count;
  events_dropped_to_ = meta.events_dropped_to.value;
}

drover::Status RocksDbStore::begin_epoch(Epoch epoch) {
  rocksdb::WriteBatch batch;
  Meta meta = meta_;
  meta.epoch = epoch;
  return write(batch, meta);
}

drover::Status RocksDbStore::commit(const core::Changes& changes, Index index) {
  rocksdb::WriteBatch batch;
  // What ends within the batch need not be written as hot first.
  std::unordered_set<InstanceId> ended;
  for (const auto& each : changes.finished) ended.insert(each.instance->id);

  for (const auto& record : changes.templates) {
    batch.Put(family(kTemplates), record->spec.name, encode(*record));
  }
  for (const auto& record : changes.former_templates) {
    batch.Put(family(kTemplates), former_template_key(record->spec.name, record->version),
              encode(*record));
  }
  for (const auto& [name, version] : changes.dropped_versions) {
    batch.Delete(family(kTemplates), former_template_key(name, version));
  }
  for (const auto& record : changes.instances) {
    if (ended.count(record->id) > 0) continue;
    batch.Put(family(kInstances), slice(record->id.raw()), encode(*record));
  }
  for (const auto& record : changes.allocations) {
    if (ended.count(record->id.instance) > 0) continue;
    batch.Put(family(kAllocations), allocation_key(record->id.instance, record->id.slot),
              encode(*record));
  }
  // After the puts: a slot may have been filled and gone within the batch.
  for (const AllocationId& id : changes.dropped) {
    batch.Delete(family(kAllocations), allocation_key(id.instance, id.slot));
  }
  for (const auto& record : changes.nodes) {
    batch.Put(family(kNodes), slice(record->id.raw()), encode(*record));
  }
  // After the puts: one may have joined, gone and been removed within the batch.
  for (const NodeId& id : changes.dropped_nodes) batch.Delete(family(kNodes), slice(id.raw()));
  for (const auto& each : changes.finished) put_finished(batch, each, index);
  put_keys(batch, changes.used_keys, index);
  Meta meta = meta_;
  meta.index = index;
  meta.finished_count += changes.finished.size();
  if (auto forgotten = forget(batch, changes.forgotten, meta); !forgotten) return forgotten;
  put_events(batch, changes.events, index, meta);
  return write(batch, meta);
}

}  // namespace drover::store
