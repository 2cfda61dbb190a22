// What the master's core costs by itself: one thread, no disk, no network. Run with
// build/release/tests/core_benchmark.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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
    for (std::uint64_t number = 1; number <= nodes; ++number) {
      OpenSession hello;
      hello.session = SessionId{number};
      hello.node = NodeId{numbered(2, number)};
      hello.secret_digest = "secret";
      hello.boot_id = "boot";
      hello.ip = "192.0.2.1";
      hello.labels["zone"] = "zone" + std::to_string(number % 4);
      hello.cpu_count = 16;
      hello.memory_bytes = 64ULL << 30;
      tell(hello);
    }
  }

  Outcome tell(const Command& command) {
    return step(state_, command, {std::chrono::milliseconds(1000), 1, Index{++index_}, 0});
  }

  InstanceId deploy(const std::string& name) {
    const InstanceId id{numbered(1, ++instances_)};
    tell(Deploy{name, id});
    return id;
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
  std::uint64_t index_ = 0;
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

}  // namespace
}  // namespace drover::core
