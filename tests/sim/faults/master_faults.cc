// What happens to the master, its disk and its data.
#include <memory>

#include "common/limits.h"
#include "master/store/record_codec.h"
#include "tests/sim/faults/faults.h"
#include "tests/sim/oracle/oracle.h"

namespace drover::sim {
namespace {

void restart_later(Faults& faults, Random& random) {
  const Time pause = random.chance(0.5) ? random.between(10, 1'000) : random.between(1'000, 30'000);
  faults.mend_after(pause, [&faults] { faults.world().master().start(); });
}

bool kill_master(Faults& faults, Random& random) {
  Master& master = faults.world().master();
  if (!master.is_running()) return false;
  master.kill();
  restart_later(faults, random);
  return true;
}

// Also in the middle of a sync.
bool kill_master_while_syncing(Faults& faults, Random& random) {
  Master& master = faults.world().master();
  const MasterProgram* program = master.program();
  if (program == nullptr || program->is_read_only()) return false;
  master.disk().slow = true;
  faults.after(random.between(200, 6'000), [&faults, &random] {
    faults.world().master().disk().slow = false;
    if (faults.world().master().is_running()) kill_master(faults, random);
  });
  faults.mend_after(6'000, [&faults] { faults.world().master().disk().slow = false; });
  return true;
}

bool kill_all(Faults& faults, Random& random) {
  if (!kill_master(faults, random)) return false;
  for (const auto& node : faults.world().nodes()) {
    if (random.chance(0.5)) continue;
    node->kill_agent();
    faults.mend_after(random.between(10, 20'000), [&node = *node] { node.start_agent(); });
  }
  return true;
}

bool freeze_master(Faults& faults, Random& random) {
  Master& master = faults.world().master();
  if (!master.is_awake()) return false;
  master.freeze();
  faults.mend_after(random.between(100, 40'000), [&master] { master.thaw(); });
  return true;
}

bool fail_write(Faults& faults, Random&) {
  MasterDisk& disk = faults.world().master().disk();
  const MasterProgram* program = faults.world().master().program();
  if (program == nullptr || program->is_read_only() || disk.fails_next) return false;
  disk.fails_next = true;
  return true;
}

bool fill_disk(Faults& faults, Random& random) {
  MasterDisk& disk = faults.world().master().disk();
  if (disk.full) return false;
  disk.full = true;
  faults.world().trace().note("master", "disk is full");
  faults.mend_after(random.between(1'000, 30'000), [&disk] { disk.full = false; });
  return true;
}

bool slow_disk(Faults& faults, Random& random) {
  MasterDisk& disk = faults.world().master().disk();
  if (disk.slow) return false;
  disk.slow = true;
  faults.world().trace().note("master", "disk is slow");
  faults.world().oracle().master_troubled(Trouble::slow, true);
  faults.mend_after(random.between(1'000, 20'000), [&faults, &disk] {
    disk.slow = false;
    faults.world().oracle().master_troubled(Trouble::slow, false);
  });
  return true;
}

// Nothing is promised of what was in the record.
void excuse(Oracle& oracle, const MasterDisk::Write& damaged) {
  switch (damaged.table) {
    case DiskImage::kInstances:
    case DiskImage::kAllocations:
    case DiskImage::kHistory:
      if (const auto id = InstanceId::from_bytes(damaged.key.substr(0, 16))) oracle.excuse(*id);
      return;
    case DiskImage::kTemplates:
      // Of an earlier version the key goes on behind the name.
      oracle.excuse(damaged.key.substr(0, damaged.key.find('\0')));
      return;
    default:
      return;
  }
}

bool damage_record(Faults& faults, Random& random) {
  Master& master = faults.world().master();
  if (!master.is_running()) return false;
  master.kill();
  const auto table = random.pick(std::vector<DiskImage::Table>{
      DiskImage::kTemplates, DiskImage::kInstances, DiskImage::kAllocations, DiskImage::kNodes});
  const auto damaged = master.disk().damage(table);
  if (damaged) {
    excuse(faults.world().oracle(), *damaged);
    faults.world().trace().note(
        "master", "a record is damaged, of kind " + std::to_string(static_cast<int>(table)));
  }
  restart_later(faults, random);
  return damaged.has_value();
}

bool is_in(const DiskImage& image, const InstanceId& id) {
  const std::string key(id.raw());
  return image.tables[DiskImage::kInstances].contains(key) ||
         image.tables[DiskImage::kHistory].contains(key);
}

// An older copy of the data is put back; after a while the operator raises the epoch.
bool restore_copy(Faults& faults, Random& random) {
  Master& master = faults.world().master();
  if (!master.is_running()) return false;
  auto copy = std::make_shared<DiskImage>(master.disk().durable());
  faults.after(random.between(5'000, 60'000), [&faults, &random, copy] {
    World& world = faults.world();
    world.master().kill();
    world.master().disk().restore(*copy);
    world.trace().note("master", "an older copy of the data is put back");
    world.oracle().restored([copy](const InstanceId& id) { return is_in(*copy, id); },
                            [copy](const std::string& name) {
                              return copy->tables[DiskImage::kTemplates].contains(name);
                            },
                            world.context().instance_ids.next());
    world.oracle().master_troubled(Trouble::replaced, true);
    world.master().start();
    faults.mend_after(random.between(100, 20'000), [&world] {
      std::uint64_t highest = 0;
      for (const auto& node : world.nodes()) {
        highest = std::max(highest, node->machine().disk.epoch.value);
      }
      world.master().kill();
      world.master().minimum_epoch = highest + 1;
      world.oracle().master_troubled(Trouble::replaced, false);
      world.master().start();
    });
  });
  return true;
}

bool jump_clock(Faults& faults, Random& random) {
  const std::int64_t jump = random.between(-86'400'000, 86'400'000);
  World& world = faults.world();
  if (!world.options().wall_clocks_jump) return true;
  world.master().clock().jump(jump);
  world.oracle().master_clock_set(world.master().clock().unix_ms(world.context().events.now()));
  return true;
}

bool resume(Faults& faults, Random&) {
  MasterProgram* program = faults.world().master().program();
  if (program == nullptr) return false;
  faults.world().oracle().resumed();
  return program->submit(core::ResumeReplacements{},
                         [&faults](const core::Reply&) { faults.world().oracle().resumed(); });
}

bool overload(Faults& faults, Random& random) {
  Master& master = faults.world().master();
  MasterProgram* program = master.program();
  if (program == nullptr) return false;
  std::size_t refused = 0;
  for (int count = 0; count < 2'000; ++count) {
    const InstanceId nobody{Uuid{{1, 2, 3, static_cast<std::uint8_t>(random.below(256))}}};
    if (!program->submit(core::Stop{nobody}, [](const core::Reply&) {})) ++refused;
  }
  return refused > 0;
}

}  // namespace

std::vector<Faults::Kind> master_faults() {
  return {{"master killed", kill_master},
          {"master killed while its disk syncs", kill_master_while_syncing},
          {"master and agents killed together", kill_all},
          {"master frozen", freeze_master},
          {"master's write fails", fail_write},
          {"master's disk full", fill_disk},
          {"master's disk slow", slow_disk},
          {"master's record damaged", damage_record},
          {"master's data put back to an older copy", restore_copy},
          {"master's wall clock jumps", jump_clock},
          {"operator resumes replacements", resume},
          {"master overloaded", overload}};
}

}  // namespace drover::sim
