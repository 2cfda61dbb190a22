// What a start reads, and what it does with what cannot be read.
#include <rocksdb/write_batch.h>

#include <type_traits>
#include <utility>

#include "common/clock.h"
#include "master/store/keys.h"
#include "master/store/rocksdb_store.h"

namespace drover::store {
namespace {

std::string key_of(const core::Instance& record) { return std::string(record.id.raw()); }
std::string key_of(const core::Allocation& record) {
  return allocation_key(record.id.instance, record.id.slot);
}
std::string key_of(const core::Node& record) { return std::string(record.id.raw()); }

template <class Record>
bool may_stand_under(const std::string& key, const Record& record) {
  return key == key_of(record);
}
// The newest version, or an earlier one.
bool may_stand_under(const std::string& key, const core::Template& record) {
  return key == record.spec.name || key == former_template_key(record.spec.name, record.version);
}

// Where a record stands, as a person can read it.
std::string place_of(const Quarantined& record) {
  const std::string place = record.family + "/";
  if (const auto id = Uuid::from_bytes(record.key)) return place + id->text();
  if (const auto allocation = parse_allocation_key(record.key)) {
    return place + allocation->first.text() + "." + std::to_string(allocation->second);
  }
  return place + record.key;
}

}  // namespace

Result<Loaded> RocksDbStore::load() {
  if (auto verified = verify_tables(); !verified) return verified.error();
  Loaded loaded;
  auto meta = read_meta(loaded);
  if (!meta) return meta.error();
  core::Recovered& records = loaded.records;
  std::vector<Quarantined> damaged;
  for (const drover::Status& read :
       {read_family(kTemplates, decode_template, records.templates, damaged),
        read_family(kInstances, decode_instance, records.instances, damaged),
        read_family(kAllocations, decode_allocation, records.allocations, damaged),
        read_family(kNodes, decode_node, records.nodes, damaged)}) {
    if (!read) return read.error();
  }
  const bool is_empty = records.templates.empty() && records.nodes.empty() && damaged.empty();
  if (!*meta && !is_empty) {
    return Error{ErrorKind::io, "the store in " + directory_ + " has records and no head; check " +
                                    "the disk's health, then restore a backup"};
  }
  set_meta(meta->value_or(Meta{}));
  loaded.last_index = meta_.index;
  loaded.last_epoch = meta_.epoch;
  if (auto done = quarantine(damaged); !done) return done.error();
  for (const Quarantined& record : damaged) {
    loaded.set_aside.push_back(place_of(record) + ": " + record.reason);
  }
  return loaded;
}

// Those of the history are verified when they are compacted; what is read of them is, too.
drover::Status RocksDbStore::verify_tables() const {
  for (const Family which : {kDefault, kTemplates, kInstances, kAllocations, kNodes}) {
    rocksdb::ColumnFamilyMetaData tables;
    database_->GetColumnFamilyMetaData(family(which), &tables);
    const rocksdb::Options options = database_->GetOptions(family(which));
    for (const rocksdb::LevelMetaData& level : tables.levels) {
      for (const rocksdb::SstFileMetaData& table : level.files) {
        const auto verified = verify_table(options, table.db_path + table.name);
        // One that has just been compacted away is not needed.
        if (!verified.ok() && !verified.IsPathNotFound()) return failed("read", verified);
      }
    }
  }
  return Done{};
}

// The head is there twice. Nothing: the store is new.
Result<std::optional<Meta>> RocksDbStore::read_meta(Loaded& loaded) const {
  std::string damage;
  for (const char* key : {kMetaKey, kMetaCopyKey}) {
    std::string stored;
    const rocksdb::Status read = database_->Get({}, key, &stored);
    if (read.IsNotFound()) continue;
    if (!read.ok()) return failed("read", read);
    auto meta = decode_meta(stored);
    if (meta) return std::optional<Meta>(*meta);
    damage = meta.error().message;
    loaded.set_aside.push_back(std::string(name_of(kDefault)) + "/" + key + ": " + damage);
  }
  if (damage.empty()) return std::optional<Meta>();
  return Error{ErrorKind::io, "the store in " + directory_ + " has a damaged head: " + damage +
                                  "; check the disk's health, then restore a backup"};
}

// Reads one family into one list, and what cannot be read into the other.
template <class Record>
drover::Status RocksDbStore::read_family(Family which, Result<Record> (*decode)(std::string_view),
                                         std::vector<core::Ptr<Record>>& records,
                                         std::vector<Quarantined>& damaged) const {
  const core::UnixMs now = unix_now_ms();
  rocksdb::ReadOptions options;
  options.readahead_size = 1 << 20;
  const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator(options, family(which)));
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    const std::string key = cursor->key().ToString();
    auto record = decode(cursor->value().ToStringView());
    if (record && may_stand_under(key, *record)) {
      records.push_back(std::make_shared<const Record>(std::move(*record)));
      continue;
    }
    const std::string reason =
        record ? "the record stands under a key that is not its own" : record.error().message;
    damaged.push_back({name_of(which), key, cursor->value().ToString(), reason, now});
  }
  if (!cursor->status().ok()) return failed("read", cursor->status());
  return Done{};
}

// Out of the way, where it can be looked at, before anything new can come to stand in its place.
drover::Status RocksDbStore::quarantine(const std::vector<Quarantined>& damaged) {
  if (damaged.empty()) return Done{};
  rocksdb::WriteBatch batch;
  for (const Quarantined& record : damaged) {
    batch.Put(family(kQuarantine), quarantine_key(record.family, record.key, record.at),
              encode(record));
    for (const Family which : {kTemplates, kInstances, kAllocations, kNodes}) {
      if (record.family == name_of(which)) batch.Delete(family(which), record.key);
    }
  }
  return write(batch, meta_);
}

}  // namespace drover::store
