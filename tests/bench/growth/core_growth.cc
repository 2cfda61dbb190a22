// Placement, heartbeat and stop in the core alone.
#include <deque>
#include <string>

#include "tests/bench/core/core_cluster.h"
#include "tests/bench/growth/growth.h"
#include "tests/bench/support/cpu_time.h"

namespace drover::bench {
namespace {

// Timed together, as reading the clock costs as much as a heartbeat.
constexpr int kDeploys = 20;
constexpr std::uint64_t kHeartbeats = 1'000;

constexpr std::uint64_t kFixedNodes = 1'000;
constexpr std::uint64_t kFixedRunning = 1'000;

struct CoreCosts {
  double placement = 0;
  double heartbeat = 0;
  double stop = 0;
};

// Nodes, and instances of one copy that run there and reserve a tenth of a core each.
class Field {
 public:
  Field(std::uint64_t nodes, std::uint64_t running) : cluster_(nodes), nodes_(nodes) {
    core::TemplateSpec spec = core::copies_of_one(1);
    spec.groups[0].tasks[0].resources = TaskResources{100, 64 << 20};
    cluster_.tell(core::CreateTemplate{spec, "{}"});
    while (running_.size() < running) {
      running_.push_back(cluster_.deploy("work"));
      cluster_.report(running_.back(), 0, {});
    }
  }

  // Microseconds for each, in as many rounds as fit into the time.
  CoreCosts turn(std::chrono::nanoseconds time) {
    CoreCosts sums;
    int rounds = 0;
    const double until = thread_cpu() + std::chrono::duration<double>(time).count();
    do {
      throw_if_interrupted();
      sums.placement += timed([this] { deploy(); }) / kDeploys;
      begin();
      sums.stop += timed([this] { stop(); }) / kDeploys;
      sums.heartbeat += timed([this] { beat(); }) / static_cast<double>(kHeartbeats);
      ++rounds;
    } while (thread_cpu() < until);
    return {sums.placement / rounds, sums.heartbeat / rounds, sums.stop / rounds};
  }

 private:
  template <class Work>
  static double timed(const Work& work) {
    const double before = thread_cpu();
    work();
    return (thread_cpu() - before) * 1e6;
  }

  void deploy() {
    for (int i = 0; i < kDeploys; ++i) running_.push_back(cluster_.deploy("work"));
  }

  // Those that were deployed last run now.
  void begin() {
    for (auto id = running_.end() - kDeploys; id != running_.end(); ++id) {
      cluster_.report(*id, 0, {});
    }
  }

  // The oldest.
  void stop() {
    for (int i = 0; i < kDeploys; ++i) {
      cluster_.stop(running_.front());
      running_.pop_front();
    }
  }

  void beat() {
    cluster_.pass(std::chrono::milliseconds(1));
    for (std::uint64_t i = 0; i < kHeartbeats; ++i) cluster_.heartbeat(1 + next_++ % nodes_);
  }

  core::CoreCluster cluster_;
  const std::uint64_t nodes_;
  std::uint64_t next_ = 0;
  std::deque<InstanceId> running_;
};

// Each size's Field for a turn, again and again.
std::vector<Curve> curves_of(std::map<std::uint64_t, Field>& fields, const Options& options,
                             const std::string& axis, const std::string& fixed) {
  Turns placement;
  Turns heartbeat;
  Turns stop;
  for (int i = 0; i < options.turns; ++i) {
    for (auto& [size, field] : fields) {
      const CoreCosts costs = field.turn(options.turn);
      placement[size].push_back(costs.placement);
      heartbeat[size].push_back(costs.heartbeat);
      stop[size].push_back(costs.stop);
    }
  }
  const std::string method = "CPU of the one thread, in the core alone";
  return {{"placement", "one placement", axis, fixed, method, medians_of(placement)},
          {"heartbeat", "one heartbeat", axis, fixed, method, medians_of(heartbeat)},
          {"stop", "one stop, with the end that its node then reports", axis, fixed, method,
           medians_of(stop)}};
}

std::vector<Curve> against_nodes(const Options& options) {
  const std::uint64_t most = options.smoke ? 100 : 10'000;
  std::map<std::uint64_t, Field> fields;
  for (std::uint64_t nodes = 10; nodes <= most; nodes *= 10) {
    fields.try_emplace(nodes, nodes, kFixedRunning);
  }
  return curves_of(fields, options, "nodes", std::to_string(kFixedRunning) + " running instances");
}

std::vector<Curve> against_running(const Options& options) {
  const std::uint64_t most = options.smoke ? 1'000 : 100'000;
  std::map<std::uint64_t, Field> fields;
  for (std::uint64_t running = 100; running <= most; running *= 10) {
    fields.try_emplace(running, kFixedNodes, running);
  }
  return curves_of(fields, options, "running", std::to_string(kFixedNodes) + " nodes");
}

}  // namespace

std::vector<Curve> core_growth(const Options& options) {
  std::vector<Curve> curves = against_nodes(options);
  for (Curve& curve : against_running(options)) curves.push_back(std::move(curve));
  return curves;
}

}  // namespace drover::bench
