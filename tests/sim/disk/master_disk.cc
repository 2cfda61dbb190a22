#include "tests/sim/disk/master_disk.h"

#include <set>
#include <utility>

#include "master/store/keys.h"
#include "master/store/record_codec.h"

namespace drover::sim {
namespace {

constexpr char kMetaKey[] = "meta";

}  // namespace

Status MasterDisk::write(Batch batch) {
  sync();  // one write follows the other
  if (full) return Error{ErrorKind::io, "cannot write: No space left on device"};
  if (fails_next) {
    fails_next = false;
    failed_ = std::move(batch);
    return Error{ErrorKind::io, "cannot sync: Input/output error"};
  }
  unsynced_ = std::move(batch);
  return Done{};
}

void MasterDisk::sync() {
  if (unsynced_) apply(*unsynced_, durable_);
  unsynced_.reset();
}

void MasterDisk::crash() {
  if (unsynced_ && random_.chance(0.5)) apply(*unsynced_, durable_);
  unsynced_.reset();
  if (failed_ && random_.chance(0.5)) apply(*failed_, durable_);
  failed_.reset();
}

void MasterDisk::apply(const Batch& batch, DiskImage& image) {
  for (const Write& write : batch) {
    auto& table = image.tables[write.table];
    if (write.value) {
      table[write.key] = *write.value;
    } else {
      table.erase(write.key);
    }
  }
}

std::optional<std::string> MasterDisk::read(DiskImage::Table table, const std::string& key) const {
  if (unsynced_) {
    for (const Write& write : *unsynced_) {
      if (write.table == table && write.key == key) return write.value;
    }
  }
  const auto& records = durable_.tables[table];
  const auto found = records.find(key);
  return found == records.end() ? std::nullopt : std::optional(found->second);
}

std::optional<MasterDisk::Write> MasterDisk::damage(DiskImage::Table which) {
  auto& table = durable_.tables[which];
  if (table.empty()) return std::nullopt;
  const auto victim =
      std::next(table.begin(), static_cast<std::ptrdiff_t>(random_.below(table.size())));
  const Write before{which, victim->first, victim->second};
  char& byte = victim->second[random_.below(victim->second.size())];
  byte = static_cast<char>(byte ^ (1 << random_.below(8)));
  return before;
}

std::int64_t MasterDisk::sync_time() {
  return slow ? random_.between(100, 3000) : random_.between(0, 4);
}

// What cannot be read is out of the way from then on.
template <class Decode, class Record>
void SimStore::read_table(DiskImage::Table table, Decode decode,
                          std::vector<core::Ptr<Record>>& records,
                          std::vector<std::string>& set_aside) {
  const auto rows = disk_.durable().tables[table];
  for (const auto& [key, bytes] : rows) {
    auto record = decode(bytes);
    if (record) {
      records.push_back(std::make_shared<const Record>(std::move(*record)));
    } else {
      set_aside.push_back(record.error().message);
      disk_.remove(table, key);
    }
  }
}

Result<store::Loaded> SimStore::load() {
  const DiskImage& image = disk_.durable();
  store::Loaded loaded;
  const auto meta = image.tables[DiskImage::kMeta].find(kMetaKey);
  if (meta != image.tables[DiskImage::kMeta].end()) {
    const auto read = store::decode_meta(meta->second);
    if (!read) return read.error();
    loaded.last_index = index_ = read->index;
    loaded.last_epoch = epoch_ = read->epoch;
  }
  core::Recovered& records = loaded.records;
  auto& aside = loaded.set_aside;
  read_table(DiskImage::kTemplates, store::decode_template, records.templates, aside);
  read_table(DiskImage::kInstances, store::decode_instance, records.instances, aside);
  read_table(DiskImage::kAllocations, store::decode_allocation, records.allocations, aside);
  read_table(DiskImage::kNodes, store::decode_node, records.nodes, aside);
  return loaded;
}

Status SimStore::begin_epoch(Epoch epoch) {
  epoch_ = epoch;
  MasterDisk::Batch batch{
      {DiskImage::kMeta, kMetaKey, store::encode(store::Meta{index_, epoch_, 0, {}})}};
  if (auto written = disk_.write(std::move(batch)); !written) return written;
  disk_.sync();
  return Done{};
}

Status SimStore::commit(const core::Changes& changes, Index index) {
  MasterDisk::Batch batch;
  std::set<InstanceId> ended;
  for (const auto& each : changes.finished) ended.insert(each.instance->id);
  for (const auto& record : changes.templates) {
    batch.push_back({DiskImage::kTemplates, record->spec.name, store::encode(*record)});
  }
  for (const auto& record : changes.former_templates) {
    batch.push_back({DiskImage::kTemplates,
                     store::former_template_key(record->spec.name, record->version),
                     store::encode(*record)});
  }
  for (const auto& [name, version] : changes.dropped_versions) {
    batch.push_back(
        {DiskImage::kTemplates, store::former_template_key(name, version), std::nullopt});
  }
  for (const auto& record : changes.instances) {
    if (ended.contains(record->id)) continue;
    batch.push_back({DiskImage::kInstances, std::string(record->id.raw()), store::encode(*record)});
  }
  for (const auto& record : changes.allocations) {
    if (ended.contains(record->id.instance)) continue;
    batch.push_back({DiskImage::kAllocations,
                     store::allocation_key(record->id.instance, record->id.slot),
                     store::encode(*record)});
  }
  for (const AllocationId& id : changes.dropped) {
    batch.push_back(
        {DiskImage::kAllocations, store::allocation_key(id.instance, id.slot), std::nullopt});
  }
  for (const auto& record : changes.nodes) {
    batch.push_back({DiskImage::kNodes, std::string(record->id.raw()), store::encode(*record)});
  }
  for (const NodeId& id : changes.dropped_nodes) {
    batch.push_back({DiskImage::kNodes, std::string(id.raw()), std::nullopt});
  }
  for (const auto& each : changes.finished) {
    const InstanceId& id = each.instance->id;
    batch.push_back({DiskImage::kInstances, std::string(id.raw()), std::nullopt});
    core::for_each_slot(*each.instance, [&](std::uint32_t slot) {
      batch.push_back({DiskImage::kAllocations, store::allocation_key(id, slot), std::nullopt});
    });
    batch.push_back({DiskImage::kHistory, std::string(id.raw()), store::encode(each)});
  }
  for (const InstanceId& id : changes.forgotten) {
    batch.push_back({DiskImage::kHistory, std::string(id.raw()), std::nullopt});
  }
  for (const core::UsedKey& each : changes.used_keys) {
    batch.push_back({DiskImage::kRequestKeys, each.key, store::encode(each)});
  }
  batch.push_back({DiskImage::kMeta, kMetaKey, store::encode(store::Meta{index, epoch_, 0, {}})});
  on_written_(changes, index);
  if (auto written = disk_.write(std::move(batch)); !written) return written;
  index_ = index;
  return Done{};
}

Result<std::optional<core::UsedKey>> SimStore::find_key(const std::string& key) const {
  const auto stored = disk_.read(DiskImage::kRequestKeys, key);
  if (!stored) return std::optional<core::UsedKey>();
  auto record = store::decode_used_key(*stored);
  if (!record) return record.error();
  return std::optional<core::UsedKey>(std::move(*record));
}

Result<std::optional<core::FinishedInstance>> SimStore::find_finished(const InstanceId& id) const {
  const auto& history = disk_.durable().tables[DiskImage::kHistory];
  const auto found = history.find(std::string(id.raw()));
  if (found == history.end()) return std::optional<core::FinishedInstance>();
  auto record = store::decode_finished(found->second);
  if (!record) return record.error();
  return std::optional<core::FinishedInstance>(std::move(*record));
}

}  // namespace drover::sim
