#include "tests/bench/agents/fleet.h"

#include <algorithm>
#include <utility>

#include "agent/link/call.h"
#include "agent/metrics/attributes.h"
#include "common/check.h"
#include "common/clock.h"
#include "common/ids.h"
#include "common/limits.h"

namespace drover::bench {
namespace {

constexpr int kCompletionsPerRound = 64;
constexpr int kTurnsPerRound = 16;
constexpr int kDialsPerRound = 8;

agent::core::Moment now() { return {steady_now().count(), unix_now_ms()}; }

std::chrono::system_clock::time_point by_wall_clock(std::int64_t steady_ms) {
  const std::int64_t ahead_ms = std::max<std::int64_t>(steady_ms - steady_now().count(), 0);
  return std::chrono::system_clock::now() + std::chrono::milliseconds(ahead_ms);
}

}  // namespace

Fleet::Fleet(Settings settings)
    : settings_(std::move(settings)),
      gate_(settings_.dialling_at_once),
      random_(static_cast<std::minstd_rand::result_type>(settings_.seed + 1)),
      exchange_{queue_, random_,          counters_,
                gate_,  settings_.master, settings_.heartbeat_interval.count()},
      surroundings_{settings_, exchange_, new_uuid().text(), agent::metrics::node_attributes()} {
  const std::int64_t begin_ms = steady_now().count();
  nodes_.reserve(settings_.nodes);
  for (std::uint32_t number = 0; number < settings_.nodes; ++number) {
    const std::int64_t dial_ms = begin_ms + settings_.dial_over.count() * number /
                                                static_cast<std::int64_t>(settings_.nodes);
    nodes_.push_back(std::make_unique<Node>(
        surroundings_, number, [this, number] { woken_.push_back(number); }, dial_ms));
    deadline_of_.push_back(dial_ms);
    deadlines_.emplace(dial_ms, number);
  }
}

Fleet::~Fleet() { DROVER_CHECK(left_, "a fleet leaves before it goes"); }

void Fleet::serve(std::int64_t until_steady_ms) {
  do {
    const bool all_heard = serve_completions(until_steady_ms);
    const bool all_said = serve_deadlines();
    const bool rests = all_heard && all_said;
    for (int dials = 0; rests && dials < kDialsPerRound && gate_.admits(); ++dials) gate_.admit();
  } while (steady_now().count() < until_steady_ms);
}

// Both return whether nothing more is to be done at once, and stop after a while, so that neither
// starves the other.
bool Fleet::serve_completions(std::int64_t until_steady_ms) {
  std::int64_t wait_ms = until_steady_ms;
  if (!deadlines_.empty()) wait_ms = std::min(wait_ms, deadlines_.begin()->first);
  if (!woken_.empty() || gate_.admits()) wait_ms = 0;
  int served = 0;
  while (served < kCompletionsPerRound && serve_queue(wait_ms) == Served::one) {
    ++served;
    wait_ms = 0;
  }
  for (const std::uint32_t number : std::exchange(woken_, {})) turn(number);
  return served < kCompletionsPerRound;
}

bool Fleet::serve_deadlines() {
  const std::int64_t steady_ms = steady_now().count();
  for (int turns = 0; turns < kTurnsPerRound; ++turns) {
    if (deadlines_.empty() || deadlines_.begin()->first > steady_ms) return true;
    turn(deadlines_.begin()->second);
  }
  return false;
}

Fleet::Served Fleet::serve_queue(std::int64_t until_steady_ms) {
  void* tag = nullptr;
  bool ok = false;
  const auto got = queue_.AsyncNext(&tag, &ok, by_wall_clock(until_steady_ms));
  if (got == grpc::CompletionQueue::GOT_EVENT) agent::link::Operations::complete(tag, ok);
  return got == grpc::CompletionQueue::GOT_EVENT ? Served::one
         : got == grpc::CompletionQueue::TIMEOUT ? Served::none
                                                 : Served::at_end;
}

void Fleet::turn(std::uint32_t number) {
  nodes_[number]->turn(now());
  const std::int64_t next_ms = std::max(nodes_[number]->next_deadline(), steady_now().count() + 1);
  if (next_ms == deadline_of_[number]) return;
  deadlines_.erase({deadline_of_[number], number});
  deadline_of_[number] = next_ms;
  deadlines_.emplace(next_ms, number);
}

bool Fleet::all_over() {
  return std::all_of(nodes_.begin(), nodes_.end(),
                     [](const auto& node) { return node->line().is_over(); });
}

void Fleet::leave(Leave how) {
  for (const auto& node : nodes_) {
    how == Leave::with_goodbye ? node->line().say_goodbye() : node->line().cancel();
  }
  // For the master to hear of it; what has not ended by then is cut off.
  const std::int64_t patience_ms = 5 * std::chrono::milliseconds(limits::kGoodbyeTime).count();
  std::int64_t until_ms = steady_now().count() + patience_ms;
  std::int64_t look_ms = 0;
  while (true) {
    const std::int64_t steady_ms = steady_now().count();
    serve_queue(steady_ms + 10);
    if (steady_ms < look_ms) continue;
    look_ms = steady_ms + 50;  // all nodes are asked, which takes its time
    if (all_over()) break;
    if (steady_ms < until_ms) continue;
    for (const auto& node : nodes_) node->line().cancel();
    until_ms = steady_ms + patience_ms;
  }
  queue_.Shutdown();
  while (serve_queue(steady_now().count() + 100) != Served::at_end) {
  }
  left_ = true;
}

}  // namespace drover::bench
