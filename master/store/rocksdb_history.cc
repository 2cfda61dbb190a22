// What has ended: written once, read on demand, dropped when it is too old or too much.
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <set>
#include <utility>

#include "common/limits.h"
#include "master/store/keys.h"
#include "master/store/rocksdb_store.h"
#include "master/store/sealed.h"

namespace drover::store {
namespace {

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

// When it ended, in terms of Meta::running; nothing: that cannot be read.
std::optional<std::chrono::milliseconds> ended_at(std::string_view value) {
  const auto content = unseal(value);
  if (!content) return std::nullopt;
  const auto number = from_big_endian(*content);
  if (!number) return std::nullopt;
  return std::chrono::milliseconds(*number);
}

}  // namespace

void RocksDbStore::put_finished(rocksdb::WriteBatch& batch, const core::FinishedInstance& ended,
                                Index index) const {
  const InstanceId& id = ended.instance->id;
  batch.Delete(family(kInstances), slice(id.raw()));
  core::for_each_slot(*ended.instance, [&](std::uint32_t slot) {
    batch.Delete(family(kAllocations), allocation_key(id, slot));
  });
  batch.Put(family(kHistory), slice(id.raw()), encode(ended));
  batch.Put(family(kHistoryOrder), history_order_key(index, id),
            seal(big_endian(static_cast<std::uint64_t>(meta_.running.count()))));
}

Result<std::optional<core::FinishedInstance>> RocksDbStore::find_finished(
    const InstanceId& id) const {
  rocksdb::PinnableSlice stored;
  const rocksdb::Status read = database_->Get({}, family(kHistory), slice(id.raw()), &stored);
  if (read.IsNotFound()) return std::optional<core::FinishedInstance>();
  if (!read.ok()) return failed("read", read);
  auto record = decode_finished(stored.ToStringView());
  if (record && record->instance->id == id) {
    return std::optional<core::FinishedInstance>(std::move(*record));
  }
  return Error{ErrorKind::invalid,
               "the record of instance " + id.text() + ", which has ended, is damaged: " +
                   (record ? "it is another instance's" : record.error().message)};
}

// Its place in the order is that of the batch in which it has ended, which is the last that has
// changed it. Where it is not there, as the record is damaged, it goes when its time has come.
drover::Status RocksDbStore::forget(rocksdb::WriteBatch& batch, const std::vector<InstanceId>& ids,
                                    Meta& meta) const {
  const std::set<InstanceId> each_once(ids.begin(), ids.end());
  for (const InstanceId& id : each_once) {
    const auto found = find_finished(id);
    if (!found && found.error().kind != ErrorKind::invalid) return found.error();
    if (found && !*found) continue;
    batch.Delete(family(kHistory), slice(id.raw()));
    if (!found) continue;
    const std::string order_key = history_order_key((*found)->instance->changed, id);
    std::string place;
    if (!database_->Get({}, family(kHistoryOrder), order_key, &place).ok()) continue;
    batch.Delete(family(kHistoryOrder), order_key);
    meta.finished_count -= std::min<std::uint64_t>(1, meta.finished_count);
  }
  return Done{};
}

drover::Status RocksDbStore::visit_finished(const std::optional<InstanceId>& before,
                                            const Visit& visit) const {
  const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator({}, family(kHistory)));
  if (before) {
    cursor->SeekForPrev(slice(before->raw()));
    if (cursor->Valid() && cursor->key() == slice(before->raw())) cursor->Prev();
  } else {
    cursor->SeekToLast();
  }
  for (; cursor->Valid(); cursor->Prev()) {
    const auto id = InstanceId::from_bytes(cursor->key().ToStringView());
    if (!id) continue;
    auto record = decode_finished(cursor->value().ToStringView());
    if (record && record->instance->id != *id) {
      record = Error{ErrorKind::invalid, "it is another instance's"};
    }
    if (!visit(*id, record)) return Done{};
  }
  if (!cursor->status().ok()) return failed("read", cursor->status());
  return Done{};
}

drover::Status RocksDbStore::trim(std::chrono::milliseconds now) {
  if (counted_to_) meta_.running += std::max(now - *counted_to_, std::chrono::milliseconds(0));
  counted_to_ = now;
  if (meta_.running >= next_trim_) {
    next_trim_ = meta_.running + limits::kHistoryTrimPeriod;
    if (auto trimmed = trim_events(); !trimmed) return trimmed;
    if (auto trimmed = trim_keys(); !trimmed) return trimmed;
  }
  // A whole batch of them is worth a write at any time: what ends fast must go as fast.
  const std::uint64_t surplus =
      meta_.finished_count - std::min(history_.instances, meta_.finished_count);
  if (meta_.running < next_drop_ && surplus < limits::kHistoryTrimBatch) return Done{};
  next_drop_ = meta_.running + limits::kHistoryTrimPeriod;
  return drop_oldest(surplus);
}

// Those that are over the age, and `surplus` in any case. One whose time cannot be read goes with
// those after it.
drover::Status RocksDbStore::drop_oldest(std::uint64_t surplus) {
  std::vector<std::string> keys;
  std::size_t dropped = 0;
  const std::unique_ptr<rocksdb::Iterator> cursor(
      database_->NewIterator({}, family(kHistoryOrder)));
  for (cursor->SeekToFirst(); cursor->Valid() && keys.size() < limits::kHistoryTrimBatch;
       cursor->Next()) {
    const auto ended = ended_at(cursor->value().ToStringView());
    keys.push_back(cursor->key().ToString());
    if (keys.size() <= surplus || (ended && *ended + history_.age < meta_.running)) {
      dropped = keys.size();
    } else if (ended) {
      break;
    }
  }
  if (!cursor->status().ok()) return failed("read", cursor->status());
  if (dropped == 0) return Done{};
  if (dropped == limits::kHistoryTrimBatch) next_drop_ = meta_.running;
  keys.resize(dropped);
  return drop(keys);
}

// What these keys of the history's order stand for, and they themselves.
drover::Status RocksDbStore::drop(const std::vector<std::string>& order_keys) {
  rocksdb::WriteBatch batch;
  for (const std::string& key : order_keys) {
    const auto id = instance_of_history_order_key(key);
    if (id) batch.Delete(family(kHistory), slice(id->raw()));
  }
  // One tombstone for the range, so that the next look at the beginning need not step over each.
  batch.DeleteRange(family(kHistoryOrder), order_keys.front(), order_keys.back() + '\0');
  Meta meta = meta_;
  meta.finished_count -= std::min<std::uint64_t>(order_keys.size(), meta.finished_count);
  return write(batch, meta);
}

}  // namespace drover::store
