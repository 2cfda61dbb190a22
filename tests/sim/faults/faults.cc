#include "tests/sim/faults/faults.h"

#include <cmath>
#include <iterator>
#include <utility>

#include "tests/sim/oracle/oracle.h"

namespace drover::sim {
namespace {

constexpr Time kQuietBeginning = 3'000;

std::vector<Faults::Kind> make_kinds() {
  std::vector<Faults::Kind> all;
  for (const auto make : {master_faults, node_faults, network_faults, hostile_faults}) {
    for (Faults::Kind& kind : make()) all.push_back(std::move(kind));
  }
  return all;
}

}  // namespace

const std::vector<Faults::Kind>& Faults::kinds() {
  static const std::vector<Kind> all = make_kinds();
  return all;
}

Faults::Faults(World& world) : world_(world) {
  for (const Kind& kind : kinds()) {
    random_.emplace_back(world.options().seed, "fault " + kind.name);
    counts_[kind.name] = 0;
  }
}

Faults::~Faults() = default;

void Faults::begin() {
  Random choice(world_.options().seed, "faults");
  // From a single kind to most of them, from now and then to all the time.
  const double share = choice.chance(0.2) ? 0.06 : 0.1 + 0.5 * choice.fraction();
  const Time pause = choice.between(5'000, 60'000);
  for (std::size_t kind = 0; kind < kinds().size(); ++kind) {
    const bool chosen = choice.chance(share);
    if (chosen && !world_.options().without.contains(kinds()[kind].name)) plan(kind, pause);
  }
}

void Faults::plan(std::size_t kind, Time mean_pause) {
  Random& random = random_[kind];
  const double pause = -std::log(1 - random.fraction()) * static_cast<double>(mean_pause);
  const Time when =
      std::max(kQuietBeginning, world_.context().events.now()) + static_cast<Time>(pause);
  world_.context().events.at(when, [this, kind, mean_pause] {
    if (over_) return;
    const Kind& what = kinds()[kind];
    if (what.fire(*this, random_[kind])) ++counts_[what.name];
    plan(kind, mean_pause);
  });
}

void Faults::mend_after(Time pause, std::function<void()> mend) {
  const std::uint64_t number = ++last_mend_;
  mends_[number] = std::move(mend);
  world_.context().events.after(pause, [this, number] {
    const auto found = mends_.find(number);
    if (found == mends_.end()) return;
    const std::function<void()> action = std::move(found->second);
    mends_.erase(found);
    action();
  });
}

void Faults::after(Time pause, std::function<void()> action) {
  world_.context().events.after(pause, [this, action = std::move(action)] {
    if (!over_) action();
  });
}

void Faults::end() {
  over_ = true;
  world_.trace().note("faults", "end");
  // Not in the order in which they came.
  while (!mends_.empty()) {
    const auto last = std::prev(mends_.end());
    const std::function<void()> mend = std::move(last->second);
    mends_.erase(last);
    mend();
  }
  for (const auto& node : world_.nodes()) {
    node->machine().disk.full = false;
    node->boot();
    node->start_agent();
  }
  world_.master().disk().full = world_.master().disk().fails_next = false;
  world_.master().disk().slow = false;
  MasterProgram* program = world_.master().program();
  if (program != nullptr && program->is_read_only()) world_.master().kill();
  world_.master().start();
}

}  // namespace drover::sim
