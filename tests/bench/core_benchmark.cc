// What the master's core costs by itself: one thread, no disk, no network. Run with
// build/release/tests/core_benchmark.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/limits.h"
#include "master/core/step.h"

namespace drover::core {
namespace {

Uuid numbered(std::uint8_t kind, std::uint64_t number) {
  Uuid uuid;
  uuid.bytes[0] = kind;
  for (int byte = 0; byte < 8; ++byte) {
    uuid.bytes[15 - byte] = static_cast<std::uint8_t>(number >> (8 * byte));
  }
  return uuid;
}

// A master's state, and the commands that it is told.
class Cluster {
 public:
  explicit Cluster(std::uint64_t nodes) {
    for (std::uint64_t number = 1; number <= nodes; ++number) hello(number);
  }

  // Of a node that has been there before, or not. It holds what is placed there.
  void hello(std::uint64_t number) {
    OpenSession hello;
    hello.session = SessionId{++sessions_};
    hello.node = NodeId{numbered(2, number)};
    hello.secret_digest = "secret";
    hello.boot_id = "boot";
    hello.ip = "192.0.2.1";
    hello.labels["zone"] = "zone" + std::to_string(number % 4);
    hello.cpu_count = 16;
    hello.memory_bytes = 64ULL << 30;
    const auto known = state_.nodes.find(hello.node);
    if (known != state_.nodes.end()) {
      for (const auto& [id, taken] : known->second.allocations) hello.allocations.push_back(id);
    }
    tell(hello);
  }

  Outcome tell(const Command& command) {
    return step(state_, command, {now_, 1, Index{++index_}, 0});
  }

  void pass(std::chrono::milliseconds time) { now_ += time; }

  InstanceId deploy(const std::string& name) {
    const InstanceId id{numbered(1, ++instances_)};
    tell(Deploy{name, id});
    return id;
  }

  // All its copies have ended as they should, and it with them.
  void stop(const InstanceId& id) {
    tell(Stop{id});
    std::vector<std::uint32_t> slots;
    for (const auto& [number, slot] : state_.instances.at(id).slots) slots.push_back(number);
    for (const std::uint32_t slot : slots) report(id, slot, {EndKind::signaled, 15, {}});
  }

  // The node of the slot says so.
  void report(const InstanceId& id, std::uint32_t slot, const TaskEnd& end) {
    const Allocation& copy = *state_.instances.at(id).slots.at(slot).allocation;
    ReportAttempts report;
    report.node = *copy.node;
    report.session = *state_.nodes.at(*copy.node).session;
    report.attempts.push_back({{copy.id, 0, 1}, 1, end.kind == EndKind::none ? 0 : 2, end});
    tell(report);
  }

 private:
  State state_;
  std::chrono::milliseconds now_{1000};
  std::uint64_t index_ = 0;
  std::uint64_t sessions_ = 0;
  std::uint64_t instances_ = 0;
};

TemplateSpec copies_of_one(std::uint32_t copies) {
  TemplateSpec spec;
  spec.name = "work";
  GroupSpec& group = spec.groups.emplace_back();
  group.tasks.push_back({"task", "/bin/true", {}, {}, {}, {}});
  group.count = copies;
  return spec;
}

// A task begins and ends, one of an instance of so many: per report.
void report(benchmark::State& state) {
  const auto copies = static_cast<std::uint32_t>(state.range(0));
  Cluster cluster(100);
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
  Cluster cluster(static_cast<std::uint64_t>(state.range(0)));
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
  Cluster cluster(static_cast<std::uint64_t>(state.range(0)));
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
  Cluster cluster(nodes);
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
  Cluster cluster(nodes);
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
  Cluster cluster(static_cast<std::uint64_t>(state.range(0)));
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
