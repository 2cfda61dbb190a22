// What clients' keys were used for: written with what came of it, read by key, dropped by age.
#include <rocksdb/write_batch.h>

#include <memory>
#include <string>
#include <utility>

#include "common/limits.h"
#include "master/store/keys.h"
#include "master/store/rocksdb_store.h"

namespace drover::store {

void RocksDbStore::put_keys(rocksdb::WriteBatch& batch, const std::vector<core::UsedKey>& keys,
                            Index index) const {
  if (keys.empty()) return;
  KeyBatch order;
  order.used_at = meta_.running;
  for (const core::UsedKey& each : keys) {
    batch.Put(family(kRequestKeys), each.key, encode(each));
    order.keys.push_back(each.key);
  }
  batch.Put(family(kRequestOrder), big_endian(index.value), encode(order));
}

Result<std::optional<core::UsedKey>> RocksDbStore::find_key(const std::string& key) const {
  rocksdb::PinnableSlice stored;
  const rocksdb::Status read = database_->Get({}, family(kRequestKeys), key, &stored);
  if (read.IsNotFound()) return std::optional<core::UsedKey>();
  if (!read.ok()) return failed("read", read);
  auto record = decode_used_key(stored.ToStringView());
  if (record && record->key == key) return std::optional<core::UsedKey>(std::move(*record));
  return Error{ErrorKind::invalid, "the record of what was done for this key is damaged: " +
                                       (record ? "it is another key's" : record.error().message)};
}

// A batch whose time cannot be read goes with those after it; its keys, which nobody knows, stay.
drover::Status RocksDbStore::trim_keys() {
  rocksdb::WriteBatch batch;
  std::string last;
  std::string seen;
  std::size_t count = 0;
  const std::unique_ptr<rocksdb::Iterator> cursor(
      database_->NewIterator({}, family(kRequestOrder)));
  for (cursor->SeekToFirst(); cursor->Valid() && count < limits::kKeyTrimBatches; cursor->Next()) {
    const auto order = decode_key_batch(cursor->value().ToStringView());
    if (order && order->used_at + limits::kRequestKeyAge >= meta_.running) break;
    seen = cursor->key().ToString();
    ++count;
    if (!order) continue;
    for (const std::string& key : order->keys) batch.Delete(family(kRequestKeys), key);
    last = seen;
  }
  if (!cursor->status().ok()) return failed("read", cursor->status());
  if (count == limits::kKeyTrimBatches) {
    next_trim_ = meta_.running;
    last = seen;  // nothing but damaged ones: they must not be looked at for ever
  }
  if (last.empty()) return Done{};
  // One tombstone for the range, so that the next look at the beginning need not step over each.
  batch.DeleteRange(family(kRequestOrder), std::string(), last + '\0');
  return write(batch, meta_);
}

}  // namespace drover::store
