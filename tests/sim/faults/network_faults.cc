// What happens between the programs.
#include <algorithm>

#include "tests/sim/faults/faults.h"
#include "tests/sim/oracle/oracle.h"

namespace drover::sim {
namespace {

Time a_while(Random& random) {
  return random.chance(0.4) ? random.between(50, 5'000) : random.between(5'000, 70'000);
}

bool is_cut(const Node& node) {
  return node.machine().to_master.cut_there || node.machine().to_master.cut_back;
}

bool cut(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (is_cut(node)) return false;
  node.cut(true, true);
  faults.mend_after(a_while(random), [&node] { node.heal(); });
  return true;
}

bool cut_one_way(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (is_cut(node)) return false;
  const bool there = random.chance(0.5);
  node.cut(there, !there);
  faults.mend_after(a_while(random), [&node] { node.heal(); });
  return true;
}

// A switch, or the master's own line.
bool cut_many(Faults& faults, Random& random) {
  const double share = random.chance(0.5) ? 1 : 0.5;
  std::size_t count = 0;
  for (const auto& node : faults.world().nodes()) {
    if (is_cut(*node) || !random.chance(share)) continue;
    node->cut(true, true);
    faults.mend_after(a_while(random), [&node = *node] { node.heal(); });
    ++count;
  }
  return count > 1;
}

void flap(Faults& faults, Random& random, Node& node, int times) {
  if (is_cut(node)) return;
  node.cut(true, true);
  faults.mend_after(random.between(100, 12'000), [&node] { node.heal(); });
  if (times == 0) return;
  faults.after(random.between(12'000, 16'000),
               [&faults, &random, &node, times] { flap(faults, random, node, times - 1); });
}

bool flapping(Faults& faults, Random& random) {
  flap(faults, random, faults.any_node(random), static_cast<int>(random.between(2, 5)));
  return true;
}

bool slow(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  Path& path = node.machine().to_master;
  if (path.most_delay > 2) return false;
  path.most_delay = random.between(50, 5'000);
  path.least_delay = random.chance(0.5) ? 0 : path.most_delay / 2;
  const std::uint32_t machine = node.machine().number;
  faults.world().trace().note(node.machine().name(), "has a slow line");
  faults.world().oracle().trouble(machine, Trouble::slow, true);
  faults.mend_after(a_while(random), [&faults, &path, machine] {
    path.least_delay = 0;
    path.most_delay = 2;
    faults.world().oracle().trouble(machine, Trouble::slow, false);
  });
  return true;
}

bool reset(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (node.agent() == nullptr) return false;
  const auto connection = node.agent()->master_connection();
  if (!connection) return false;
  faults.world().trace().note(node.machine().name(), "its connection is reset");
  faults.world().context().network.break_both(*connection);
  return true;
}

// Something between the two has forgotten the connection: nothing arrives, and nobody is told.
bool half_open(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (node.agent() == nullptr) return false;
  const auto connection = node.agent()->master_connection();
  if (!connection) return false;
  faults.world().trace().note(node.machine().name(), "its connection goes dead");
  faults.world().context().network.mute(*connection);
  const std::uint32_t machine = node.machine().number;
  faults.world().oracle().trouble(machine, Trouble::mute, true);
  // Until both have noticed.
  faults.mend_after(35'000, [&faults, machine] {
    faults.world().oracle().trouble(machine, Trouble::mute, false);
  });
  return true;
}

bool lose_answers(Faults& faults, Random& random) {
  Client& client = faults.world().client();
  if (client.loses_answers > 0) return false;
  client.loses_answers = 0.5;
  faults.mend_after(a_while(random), [&client] { client.loses_answers = 0; });
  return true;
}

}  // namespace

std::vector<Faults::Kind> network_faults() {
  return {{"node cut off", cut},
          {"node cut off one way", cut_one_way},
          {"many nodes cut off", cut_many},
          {"line flaps", flapping},
          {"line slow", slow},
          {"connection reset", reset},
          {"connection half open", half_open},
          {"answers to clients lost", lose_answers}};
}

}  // namespace drover::sim
