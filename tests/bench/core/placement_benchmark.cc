// P4: placements a second in the master's core, and how their cost grows with the number of nodes.
#include <deque>
#include <map>
#include <vector>

#include "tests/bench/core/core_cluster.h"
#include "tests/bench/support/cpu_time.h"
#include "tests/bench/support/program.h"

namespace drover::bench {
namespace {

constexpr Target kTarget{Aim::at_least, 500'000};
constexpr Target kGrowth{Aim::at_most, 2};
constexpr std::uint32_t kCopies = 100;

// Nodes of 16 cores in four zones, and a template whose copies reserve half a core each in one of
// these: as many run as there are nodes in the zone.
class Field {
 public:
  Field(std::uint64_t nodes, std::uint32_t copies) : cluster_(nodes), copies_(copies) {
    core::TemplateSpec spec = core::copies_of_one(copies);
    spec.groups[0].tasks[0].resources = TaskResources{500, 256 << 20};
    spec.groups[0].constraints = {{"label.zone", core::Operator::equal, {"zone1"}}};
    cluster_.tell(core::CreateTemplate{spec, "{}"});
    while ((running_.size() + 1) * copies * 4 <= nodes) running_.push_back(cluster_.deploy("work"));
  }

  // Deploys, and ends as many of the oldest, for a while; seconds of each placement. The ends are
  // not counted.
  double turn(std::chrono::nanoseconds time) {
    double placing = 0;
    std::uint64_t placed = 0;
    const double until = thread_cpu() + std::chrono::duration<double>(time).count();
    for (double before = thread_cpu(); before < until; before = thread_cpu()) {
      running_.push_back(cluster_.deploy("work"));
      placing += thread_cpu() - before;
      placed += copies_;
      end(running_.front());
      running_.pop_front();
    }
    return placing / static_cast<double>(placed);
  }

 private:
  void end(const InstanceId& id) {
    for (std::uint32_t slot = 0; slot < copies_; ++slot) {
      cluster_.report(id, slot, {core::EndKind::exited, 0, {}});
    }
  }

  core::CoreCluster cluster_;
  const std::uint32_t copies_;
  std::deque<InstanceId> running_;
};

// What one placement costs in a cluster of so many nodes: the median of turns that take turns.
std::map<std::uint64_t, double> costs(const Options& options, std::uint32_t copies,
                                      const std::vector<std::uint64_t>& sizes) {
  std::map<std::uint64_t, Field> fields;
  for (const std::uint64_t nodes : sizes) fields.try_emplace(nodes, nodes, copies);
  std::map<std::uint64_t, std::vector<double>> turns;
  for (int i = 0; i < options.turns; ++i) {
    for (auto& [nodes, field] : fields) {
      throw_if_interrupted();
      turns[nodes].push_back(field.turn(options.turn));
    }
  }
  std::map<std::uint64_t, double> medians;
  for (const auto& [nodes, seconds] : turns) medians[nodes] = median(seconds);
  return medians;
}

void measure(const Options& options, Report& report) {
  const std::vector<std::uint64_t> sizes = options.smoke
                                               ? std::vector<std::uint64_t>{100, 1'000}
                                               : std::vector<std::uint64_t>{100, 1'000, 10'000};
  const auto many = costs(options, kCopies, sizes);
  const auto single = costs(options, 1, sizes);
  const std::uint64_t least = sizes.front();
  const std::uint64_t most = sizes.back();

  Figure rate;
  rate.id = "P4";
  rate.what =
      "placements of the core, one thread: copies with resources and a constraint on a label";
  rate.unit = "placements/s";
  rate.figure = 1 / many.at(most);
  rate.target = kTarget;
  rate.conditions = {{"nodes", most}, {"copies of each instance", kCopies}};
  rate.details = {{"of instances with one copy, placements/s", 1 / single.at(most)}};
  report.add(rate);

  Figure growth;
  growth.id = "P4.growth";
  growth.what = "cost of one placement with " + std::to_string(most) + " nodes";
  growth.unit = "ns";
  growth.figure = many.at(most) * 1e9;
  growth.reference = Reference{"with " + std::to_string(least) + " nodes", many.at(least) * 1e9};
  growth.target = kGrowth;
  for (const std::uint64_t nodes : sizes) {
    growth.details[std::to_string(nodes) + " nodes"] = {
        {"ns", many.at(nodes) * 1e9}, {"ns, instances with one copy", single.at(nodes) * 1e9}};
  }
  report.add(growth);
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) {
  using namespace drover::bench;
  Options defaults;
  defaults.turn = std::chrono::milliseconds(500);
  return run(argc, argv,
             {"Placements a second in the core, and their growth with the nodes (P4)",
              measure,
              {},
              defaults});
}
