// The master's disk, and the store on it: the real records' bytes in memory. What was written and
// not yet synced may be lost at a crash; a batch is there as a whole or not at all.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "master/store/store.h"
#include "tests/sim/base/random.h"

namespace drover::sim {

struct DiskImage {
  enum Table : std::uint8_t {
    kMeta,
    kTemplates,
    kInstances,
    kAllocations,
    kNodes,
    kHistory,
    kRequestKeys,
    kTables
  };
  std::map<std::string, std::string> tables[kTables];
};

class MasterDisk {
 public:
  explicit MasterDisk(std::uint64_t seed) : random_(seed, "master disk") {}

  struct Write {
    DiskImage::Table table;
    std::string key;
    std::optional<std::string> value;  // nothing: deleted
  };
  using Batch = std::vector<Write>;

  // Not durable before sync(). An error says why nothing of it may count.
  Status write(Batch batch);
  void sync();
  // Power goes, or the process ends: what was not synced is there or not.
  void crash();

  // As a program that goes on sees it, synced or not.
  std::optional<std::string> read(DiskImage::Table table, const std::string& key) const;
  const DiskImage& durable() const { return durable_; }
  bool has_unsynced() const { return unsynced_.has_value(); }
  void restore(DiskImage image) { durable_ = std::move(image); }
  // Spoils one byte of one record; false if there is none. Says whose it is.
  std::optional<Write> damage(DiskImage::Table table);

  void remove(DiskImage::Table table, const std::string& key) { durable_.tables[table].erase(key); }

  // How long a sync takes, in ms.
  std::int64_t sync_time();

  // What is wrong with the disk.
  bool full = false;
  bool fails_next = false;
  bool slow = false;

 private:
  static void apply(const Batch& batch, DiskImage& image);

  Random random_;
  DiskImage durable_;
  std::optional<Batch> unsynced_;
  std::optional<Batch> failed_;  // nobody knows what became of it
};

// One master's store on the disk.
class SimStore final : public store::Store {
 public:
  // Called with what is written, before it is certain that it could be.
  using OnWritten = std::function<void(const core::Changes&, Index)>;

  SimStore(MasterDisk& disk, OnWritten on_written)
      : disk_(disk), on_written_(std::move(on_written)) {}

  Result<store::Loaded> load() override;
  Status begin_epoch(Epoch epoch) override;
  Status commit(const core::Changes& changes, Index index) override;
  Result<std::optional<core::FinishedInstance>> find_finished(const InstanceId& id) const override;
  Result<std::optional<core::UsedKey>> find_key(const std::string& key) const override;
  // Nobody in the simulation lists what has ended, or follows events.
  Status visit_finished(const std::optional<InstanceId>&, const Visit&) const override {
    return Done{};
  }
  Result<store::EventPage> events_after(Index, std::size_t) const override {
    return store::EventPage{};
  }
  std::vector<store::Statistic> statistics() const override { return {}; }
  Status trim(std::chrono::milliseconds) override { return Done{}; }

 private:
  MasterDisk& disk_;
  const OnWritten on_written_;
  template <class Decode, class Record>
  void read_table(DiskImage::Table table, Decode decode, std::vector<core::Ptr<Record>>& records,
                  std::vector<std::string>& set_aside);

  Index index_;
  Epoch epoch_;
};

}  // namespace drover::sim
