// What the master's core costs by itself: one thread, no disk, no network. Run with
// build/release/tests/core_benchmark.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <deque>
#include <string>

#include "common/limits.h"
#include "tests/bench/core/core_cluster.h"

namespace drover::core {
namespace {

// A task begins and ends, one of an instance of so many: per report.
void report(benchmark::State& state) {
  const auto copies = static_cast<std::uint32_t>(state.range(0));
  CoreCluster cluster(100);
  cluster.tell(CreateTemplate{copies_of_one(copies), "{}"});
  for (auto _ : state) {
    state.PauseTiming();
    const InstanceId id = cluster.deploy("work");
    state.ResumeTiming();
    for (std::uint32_t slot = 0; slot < copies; ++slot) cluster.report(id, slot, {});
    for (std::uint32_t slot = 0; slot < copies; ++slot) {
      cluster.report(id, slot, {EndKind::exited, 0, {}});
    }
  }
  state.SetItemsProcessed(state.iterations() * 2 * copies);
}
BENCHMARK(report)->Arg(1)->Arg(100)->Arg(10'000)->Unit(benchmark::kMicrosecond);

// A deploy of one copy that reserves, in one zone of four, and the end of another: whole steps of
// the core.
void deploy(benchmark::State& state) {
  CoreCluster cluster(static_cast<std::uint64_t>(state.range(0)));
  TemplateSpec spec = copies_of_one(1);
  spec.groups[0].tasks[0].resources = TaskResources{500, 256 << 20};
  spec.groups[0].constraints = {{"label.zone", Operator::equal, {"zone1"}}};
  cluster.tell(CreateTemplate{spec, "{}"});
  // As many run as there are nodes in the zone, so that idle ones outside of it tempt in vain.
  std::deque<InstanceId> running;
  for (auto _ : state) {
    running.push_back(cluster.deploy("work"));
    if (running.size() * 4 < static_cast<std::size_t>(state.range(0))) continue;
    cluster.report(running.front(), 0, {EndKind::exited, 0, {}});
    running.pop_front();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(deploy)->Arg(100)->Arg(1'000)->Arg(10'000);

TemplateSpec one_on_every_node(std::uint32_t version) {
  TemplateSpec spec = copies_of_one(1);
  spec.kind = Kind::system;
  spec.groups[0].count.reset();
  spec.groups[0].tasks[0].resources = TaskResources{100 + version, 1 << 20};
  return spec;
}

// A deploy of one copy on every node: one step.
void system_deploy(benchmark::State& state) {
  CoreCluster cluster(static_cast<std::uint64_t>(state.range(0)));
  cluster.tell(CreateTemplate{one_on_every_node(1), "{}"});
  for (auto _ : state) {
    const InstanceId id = cluster.deploy("work");
    state.PauseTiming();
    cluster.stop(id);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(system_deploy)->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

// A node that was there before says hello, and has a copy of each of 5 instances.
void system_hello(benchmark::State& state) {
  const auto nodes = static_cast<std::uint64_t>(state.range(0));
  CoreCluster cluster(nodes);
  cluster.tell(CreateTemplate{one_on_every_node(1), "{}"});
  for (int instance = 0; instance < 5; ++instance) cluster.deploy("work");
  std::uint64_t number = 0;
  for (auto _ : state) cluster.hello(1 + number++ % nodes);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(system_hello)->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMicrosecond);

// A node joins, and gets a copy of each of 5 instances.
void system_join(benchmark::State& state) {
  auto nodes = static_cast<std::uint64_t>(state.range(0));
  CoreCluster cluster(nodes);
  cluster.tell(CreateTemplate{one_on_every_node(1), "{}"});
  for (int instance = 0; instance < 5; ++instance) cluster.deploy("work");
  for (auto _ : state) cluster.hello(++nodes);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(system_join)
    ->Arg(100)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Iterations(100)
    ->Unit(benchmark::kMicrosecond);

// A tick while another version goes from node to node.
void system_update(benchmark::State& state) {
  CoreCluster cluster(static_cast<std::uint64_t>(state.range(0)));
  cluster.tell(CreateTemplate{one_on_every_node(1), "{}"});
  const InstanceId id = cluster.deploy("work");
  for (std::uint32_t slot = 0; slot < state.range(0); ++slot) cluster.report(id, slot, {});
  cluster.tell(PutTemplate{one_on_every_node(2), "{}"});
  cluster.tell(Update{id, std::nullopt});
  for (auto _ : state) {
    cluster.pass(limits::kTickPeriod);
    cluster.tell(Tick{});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(system_update)
    ->Arg(100)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Iterations(10)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace drover::core
