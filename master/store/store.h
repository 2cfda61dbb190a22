// The store: what survives. An interface, so that nothing outside this room knows what is behind
// it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/ids.h"
#include "common/limits.h"
#include "common/result.h"
#include "master/core/outcome.h"
#include "master/core/records.h"
#include "master/core/state.h"

namespace drover::store {

// What a start finds.
struct Loaded {
  core::Recovered records;
  Index last_index;
  Epoch last_epoch;  // of the master that wrote last; 0: the store is new
  // Records that could not be read, each as a line for the log: where it stood, and what is wrong
  // with it. They are out of the way now, and kept (the quarantine).
  std::vector<std::string> set_aside;
};

// How much of the history is kept; what is over either is dropped.
struct HistoryLimits {
  std::uint64_t instances = limits::kHistoryInstances;
  std::chrono::milliseconds age = limits::kHistoryAge;
  std::uint64_t events = limits::kEventsKept;
};

// Of what is behind the interface, in its own words.
struct Statistic {
  std::string name;
  std::string family;  // empty: of the whole
  double value = 0;
};

// What one batch of changes has told.
struct EventBatch {
  Index index;
  std::uint64_t before = 0;  // how many events there were before these, ever
  std::vector<core::ClusterEvent> events;
};

struct EventPage {
  std::vector<EventBatch> batches;  // in order
  Index searched_to;                // all events up to this index are known now
  Index dropped_to;                 // those up to this one's are not kept any more
  std::uint64_t event_count = 0;    // that there have been, ever
};

class Store {
 public:
  virtual ~Store() = default;

  // Reads all but the history, and moves what cannot be read into the quarantine. Once, at the
  // start. An error: it cannot be said what is there.
  virtual Result<Loaded> load() = 0;

  // Writes the epoch of this master, synced. Once, before the first commit.
  virtual Status begin_epoch(Epoch epoch) = 0;

  // Writes all of `changes` as batch `index`, synced, or nothing of it. After an error nothing more
  // may be committed. Engine thread only.
  virtual Status commit(const core::Changes& changes, Index index) = 0;

  // Nothing: no such instance in the history. ErrorKind::invalid: there is one, and its record is
  // damaged. Any thread; may read from the disk.
  virtual Result<std::optional<core::FinishedInstance>> find_finished(
      const InstanceId& id) const = 0;

  // What the key of a deploy was used for within at least limits::kRequestKeyAge, counted as for
  // trim(). ErrorKind::invalid: that is damaged. Engine thread only; may read from the disk.
  virtual Result<std::optional<core::UsedKey>> find_key(const std::string& key) const = 0;

  // Calls `visit` for what has ended, the newest id first, from the one before `id` on, until it
  // says false. A record that cannot be read comes as its error. Any thread; reads from the disk.
  using Visit =
      std::function<bool(const InstanceId& id, const Result<core::FinishedInstance>& found)>;
  virtual Status visit_finished(const std::optional<InstanceId>& before,
                                const Visit& visit) const = 0;

  // The events of batches behind this index, of whole batches, until `most` are there.
  // ErrorKind::invalid: those of a batch are damaged. Any thread; may read from the disk.
  virtual Result<EventPage> events_after(Index index, std::size_t most) const = 0;

  // For whoever watches the master. Any thread.
  virtual std::vector<Statistic> statistics() const = 0;

  // Drops what is over the limits of the history, of events and of used keys, the oldest first, a
  // bounded number at a time. To be called again and again with the monotonic time: age is counted
  // in the time for which masters have run, so that no jump of the wall clock deletes anything.
  // Engine thread only.
  virtual Status trim(std::chrono::milliseconds now) = 0;
};

// Opens (or makes) the store in `directory`, which must exist. The error says whether another
// master holds it, its format is newer than this program, or the disk refused.
Result<std::unique_ptr<Store>> open_rocksdb(const std::string& directory,
                                            const HistoryLimits& history = {});

}  // namespace drover::store
