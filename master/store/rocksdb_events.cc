// The stream of events: written with the records that they tell of, read by index, dropped when
// there are too many.
#include <rocksdb/write_batch.h>

#include <memory>
#include <string>
#include <utility>

#include "common/limits.h"
#include "master/store/event_codec.h"
#include "master/store/keys.h"
#include "master/store/rocksdb_store.h"

namespace drover::store {
namespace {

Index index_of(const rocksdb::Slice& key) {
  return Index{from_big_endian(key.ToStringView()).value_or(0)};
}

}  // namespace

void RocksDbStore::put_events(rocksdb::WriteBatch& batch,
                              const std::vector<core::ClusterEvent>& events, Index index,
                              Meta& meta) const {
  if (events.empty()) return;
  batch.Put(family(kEvents), big_endian(index.value), encode(events, meta.event_count));
  meta.event_count += events.size();
}

Result<EventPage> RocksDbStore::events_after(Index index, std::size_t most) const {
  EventPage page;
  page.dropped_to = Index{events_dropped_to_.load()};
  page.searched_to = index;
  std::size_t count = 0;
  const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator({}, family(kEvents)));
  for (cursor->Seek(big_endian(index.value + 1)); cursor->Valid() && count < most; cursor->Next()) {
    const Index at = index_of(cursor->key());
    auto stored = decode_events(cursor->value().ToStringView());
    if (!stored) {
      return Error{ErrorKind::invalid, "the events of index " + std::to_string(at.value) +
                                           " are damaged: " + stored.error().message};
    }
    count += stored->events.size();
    page.searched_to = at;
    page.batches.push_back({at, stored->before, std::move(stored->events)});
  }
  if (!cursor->status().ok()) return failed("read", cursor->status());
  page.event_count = event_count_.load();
  return page;
}

// The first index whose batch begins behind so many events; found by halving, as indices and counts
// grow together.
Result<Index> RocksDbStore::first_index_behind(std::uint64_t events) const {
  const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator({}, family(kEvents)));
  Index low{meta_.events_dropped_to.value + 1};
  Index high{meta_.index.value + 1};
  while (low < high) {
    const Index middle{low.value + (high.value - low.value) / 2};
    cursor->Seek(big_endian(middle.value));
    if (!cursor->status().ok()) return failed("read", cursor->status());
    const auto stored = cursor->Valid() ? decode_events(cursor->value().ToStringView())
                                        : Result<StoredEvents>(StoredEvents{meta_.event_count, {}});
    // One that cannot be read goes with those before it.
    if (stored && stored->before >= events) {
      high = middle;
    } else {
      low = cursor->Valid() ? Index{index_of(cursor->key()).value + 1} : high;
    }
  }
  return low;
}

drover::Status RocksDbStore::trim_events() {
  if (meta_.event_count <= history_.events) return Done{};
  const auto kept = first_index_behind(meta_.event_count - history_.events);
  if (!kept) return kept.error();
  const Index last{kept->value - 1};
  if (last <= meta_.events_dropped_to) return Done{};
  rocksdb::WriteBatch batch;
  batch.DeleteRange(family(kEvents), big_endian(meta_.events_dropped_to.value),
                    big_endian(kept->value));
  Meta meta = meta_;
  meta.events_dropped_to = last;
  return write(batch, meta);
}

}  // namespace drover::store
