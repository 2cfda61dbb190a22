// What should not be said, and is said: by strangers, by a copy of a node, by a superseded master,
// and by a network that says things twice.
#include <memory>
#include <string>

#include "drover/agent.pb.h"
#include "tests/sim/faults/faults.h"
#include "tests/sim/faults/stranger.h"
#include "tests/sim/oracle/oracle.h"

namespace drover::sim {
namespace {

std::string hello_of(const Node& node, const std::string& secret) {
  v1::AgentMessage message;
  v1::Hello& hello = *message.mutable_hello();
  hello.set_node_id(std::string(node.machine().disk.node.raw()));
  hello.set_node_secret(secret);
  hello.set_boot_id(node.machine().boot_id());
  hello.set_journal_id("another");
  hello.set_highest_epoch(1);
  hello.set_advertise_ip("10.1.1.1");
  hello.set_cpu_count(64);
  return message.SerializeAsString();
}

Stranger& a_stranger(Faults& faults) {
  return faults.keep(std::make_shared<Stranger>(faults.world()));
}

bool impostor(Faults& faults, Random& random) {
  const Node& node = faults.any_node(random);
  const MasterProgram* program = faults.world().master().program();
  // Nobody is turned away in the name of a node that the master does not know.
  if (program == nullptr) return false;
  const auto known = program->state().nodes.find(node.machine().disk.node);
  if (known == program->state().nodes.end() || known->second.node->secret_digest.empty()) {
    return false;
  }
  faults.world().trace().note("stranger", "says that it is " + node.machine().name());
  a_stranger(faults).dial(hello_of(node, "guessed"));
  return true;
}

// The state directory was copied to another machine. It takes part, and starts nothing.
bool clone(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (node.agent() == nullptr || faults.world().master().program() == nullptr) return false;
  const std::uint32_t machine = node.machine().number;
  faults.world().trace().note("stranger", "is a copy of " + node.machine().name());
  faults.world().oracle().cloned(machine);
  faults.world().oracle().trouble(machine, Trouble::replaced, true);
  Stranger& stranger = a_stranger(faults);
  stranger.may_be_welcomed = true;
  stranger.dial(hello_of(node, node.machine().disk.secret));
  faults.mend_after(random.between(100, 15'000), [&faults, &stranger, machine] {
    stranger.leave();
    faults.world().oracle().trouble(machine, Trouble::replaced, false);
  });
  return true;
}

bool garbage(Faults& faults, Random& random) {
  if (faults.world().master().program() == nullptr) return false;
  std::string bytes(1 + random.below(200), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.below(256));
  a_stranger(faults).dial(std::move(bytes));
  return true;
}

// It connects, and says nothing.
bool silence(Faults& faults, Random&) {
  if (faults.world().master().program() == nullptr) return false;
  v1::AgentMessage message;
  message.set_goodbye(true);
  a_stranger(faults).dial(message.SerializeAsString());
  return true;
}

bool replay(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  if (node.agent() == nullptr || !node.agent()->has_session()) return false;
  const auto& said = faults.world().master().said_to(node.machine().disk.node);
  if (said.empty()) return false;
  // One message, or the whole conversation.
  const std::size_t first = random.below(said.size());
  const std::size_t last = random.chance(0.5) ? first + 1 : said.size();
  faults.world().trace().note(node.machine().name(), "hears again what was said before");
  for (std::size_t place = first; place < last; ++place) {
    faults.world().context().network.inject(*node.agent()->master_connection(), Side::listener,
                                            said[place]);
  }
  return true;
}

bool superseded_master(Faults& faults, Random& random) {
  Node& node = faults.any_node(random);
  const std::uint64_t epoch = node.machine().disk.epoch.value;
  if (node.agent() == nullptr || epoch < 2) return false;
  SupersededMaster& other =
      faults.keep(std::make_shared<SupersededMaster>(faults.world(), epoch - 1));
  const std::uint32_t machine = node.machine().number;
  faults.world().trace().note(node.machine().name(), "reaches a superseded master");
  faults.world().oracle().trouble(machine, Trouble::replaced, true);
  node.reach(&other);
  if (const auto connection = node.agent()->master_connection()) {
    faults.world().context().network.break_both(*connection);
  }
  faults.mend_after(random.between(1'000, 15'000), [&faults, &node, machine] {
    node.reach(nullptr);
    faults.world().oracle().trouble(machine, Trouble::replaced, false);
    if (node.agent() == nullptr) return;
    if (const auto connection = node.agent()->master_connection()) {
      faults.world().context().network.break_both(*connection);
    }
  });
  return true;
}

}  // namespace

std::vector<Faults::Kind> hostile_faults() {
  return {{"impostor without the secret", impostor}, {"copy of a node", clone},
          {"garbage on the agents' port", garbage},  {"no hello", silence},
          {"message heard again", replay},           {"superseded master", superseded_master}};
}

}  // namespace drover::sim
