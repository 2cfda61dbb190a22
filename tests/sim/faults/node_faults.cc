// What happens to agents, supervisors and their machines.
#include "tests/sim/faults/faults.h"
#include "tests/sim/oracle/oracle.h"

namespace drover::sim {
namespace {

Time a_while(Random& random) {
  return random.chance(0.5) ? random.between(10, 2'000) : random.between(2'000, 50'000);
}

bool kill_agent(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (node.agent() == nullptr) return false;
  node.kill_agent();
  faults.mend_after(a_while(random), [&node] { node.start_agent(); });
  return true;
}

bool stop_agent(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (!node.is_awake()) return false;
  node.stop_agent();
  faults.mend_after(a_while(random), [&node] { node.start_agent(); });
  return true;
}

bool freeze_agent(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (!node.is_awake()) return false;
  node.freeze_agent();
  faults.mend_after(a_while(random), [&node] { node.thaw_agent(); });
  return true;
}

bool kill_supervisor(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (node.supervisor() == nullptr) return false;
  node.kill_supervisor();
  return true;
}

bool freeze_supervisor(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (node.supervisor() == nullptr || node.supervisor()->is_frozen()) return false;
  node.freeze_supervisor();
  faults.mend_after(a_while(random), [&node] { node.thaw_supervisor(); });
  return true;
}

bool kill_both(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (node.agent() == nullptr || node.supervisor() == nullptr) return false;
  node.kill_agent();
  node.kill_supervisor();
  faults.mend_after(a_while(random), [&node] { node.start_agent(); });
  return true;
}

bool lose_power(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (!node.machine().up) return false;
  node.power_off(true);
  faults.mend_after(a_while(random), [&node] { node.boot(); });
  return true;
}

bool reboot(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (!node.machine().up) return false;
  node.power_off(false);
  faults.mend_after(a_while(random), [&node] { node.boot(); });
  return true;
}

// What it has begun last, nobody has heard of.
bool lose_power_unheard(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (!node.machine().up || node.machine().to_master.cut_there) return false;
  node.cut(true, false);
  faults.mend_after(random.between(1'000, 9'000), [&faults, &random, &node] {
    node.power_off(true);
    faults.mend_after(random.between(10, 4'000), [&node] {
      node.boot();
      node.heal();
    });
  });
  return true;
}

bool fill_disk(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (node.machine().disk.full) return false;
  node.machine().disk.full = true;
  faults.world().trace().note(node.machine().name(), "disk is full");
  faults.world().oracle().trouble(node.machine().number, Trouble::disk, true);
  faults.mend_after(a_while(random), [&faults, &node] {
    node.machine().disk.full = false;
    faults.world().oracle().trouble(node.machine().number, Trouble::disk, false);
  });
  return true;
}

// One byte in the middle of the journal, while no agent has it open.
bool damage_journal(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  auto& journal = node.machine().disk.journal;
  if (node.agent() == nullptr || !journal || journal->empty()) return false;
  node.kill_agent();
  const std::size_t place = random.below(journal->size());
  (*journal)[place] = static_cast<char>((*journal)[place] ^ (1 << random.below(8)));
  faults.world().trace().note(node.machine().name(), "a byte of the journal is damaged");
  faults.world().oracle().journal_damaged(node.machine().number);
  faults.mend_after(random.between(10, 5'000), [&node] { node.start_agent(); });
  return true;
}

// What a death in the middle of a write leaves.
bool tear_journal(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  auto& journal = node.machine().disk.journal;
  if (node.agent() == nullptr || !journal) return false;
  node.kill_agent();
  const std::string frame = "DJ1\n\x40";
  *journal += frame.substr(0, 1 + random.below(frame.size()));
  faults.mend_after(random.between(10, 5'000), [&node] { node.start_agent(); });
  return true;
}

bool jump_clock(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  const std::int64_t jump = random.between(-86'400'000, 86'400'000);
  if (faults.world().options().wall_clocks_jump) node.machine().clock.jump(jump);
  return true;
}

bool refuse_work(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (!node.machine().refuses_work.empty()) return false;
  node.machine().refuses_work = "disk full";
  faults.mend_after(a_while(random), [&node] { node.machine().refuses_work.clear(); });
  return true;
}

}  // namespace

std::vector<Faults::Kind> node_faults() {
  return {{"agent killed", kill_agent},
          {"agent stopped", stop_agent},
          {"agent frozen", freeze_agent},
          {"supervisor killed", kill_supervisor},
          {"supervisor frozen", freeze_supervisor},
          {"agent and supervisor killed together", kill_both},
          {"node loses its power", lose_power},
          {"node loses its power unheard", lose_power_unheard},
          {"node shut down", reboot},
          {"agent's disk full", fill_disk},
          {"journal damaged", damage_journal},
          {"journal torn", tear_journal},
          {"node's wall clock jumps", jump_clock},
          {"node refuses work", refuse_work}};
}

}  // namespace drover::sim
