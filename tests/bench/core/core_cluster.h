// The master's core by itself, with nodes: no disk, no network, no clock but its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "common/ids.h"
#include "master/core/step.h"

namespace drover::core {

inline Uuid numbered(std::uint8_t kind, std::uint64_t number) {
  Uuid uuid;
  uuid.bytes[0] = kind;
  for (int byte = 0; byte < 8; ++byte) {
    uuid.bytes[15 - byte] = static_cast<std::uint8_t>(number >> (8 * byte));
  }
  return uuid;
}

// A master's state, and the commands that it is told.
class CoreCluster {
 public:
  explicit CoreCluster(std::uint64_t nodes) {
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

  // All is well, the node says.
  void heartbeat(std::uint64_t number) {
    Heartbeat beat;
    beat.node = NodeId{numbered(2, number)};
    beat.session = *state_.nodes.at(beat.node).session;
    beat.sequence = ++heartbeats_;
    tell(beat);
  }

  // The node of the slot says so.
  Outcome report(const InstanceId& id, std::uint32_t slot, const TaskEnd& end) {
    const Allocation& copy = *state_.instances.at(id).slots.at(slot).allocation;
    ReportAttempts report;
    report.node = *copy.node;
    report.session = *state_.nodes.at(*copy.node).session;
    report.attempts.push_back({{copy.id, 0, 1}, 1, end.kind == EndKind::none ? 0 : 2, end});
    return tell(report);
  }

 private:
  State state_;
  std::chrono::milliseconds now_{1000};
  std::uint64_t index_ = 0;
  std::uint64_t sessions_ = 0;
  std::uint64_t instances_ = 0;
  std::uint64_t heartbeats_ = 0;
};

inline TemplateSpec copies_of_one(std::uint32_t copies) {
  TemplateSpec spec;
  spec.name = "work";
  GroupSpec& group = spec.groups.emplace_back();
  group.tasks.push_back({"task", "/bin/true", {}, {}, {}, {}});
  group.count = copies;
  return spec;
}

}  // namespace drover::core
