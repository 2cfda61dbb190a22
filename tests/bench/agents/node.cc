#include "tests/bench/agents/node.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>
#include <variant>
#include <vector>

#include "agent/core/step.h"
#include "agent/wire/convert.h"
#include "common/ids.h"

namespace drover::bench {

namespace core = agent::core;

namespace {

// Of version 7 in form; always the same for a seed and a number.
NodeId node_id(std::uint64_t seed, std::uint32_t number) {
  std::mt19937_64 random(seed * 0x1'0000'0001ULL + number);
  std::array<std::uint8_t, 10> bytes{};
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return {make_uuid_v7(number, bytes)};
}

std::string padded(std::uint32_t number) {
  const std::string digits = std::to_string(number);
  return std::string(8 - std::min<std::size_t>(digits.size(), 8), '0') + digits;
}

// Nobody connects to it; in the loopback range all the same.
std::string address_of(std::uint32_t number) {
  return "127." + std::to_string((number >> 16) & 255) + "." + std::to_string((number >> 8) & 255) +
         "." + std::to_string(number & 255);
}

// `usual` and up to `spread` to either side, within 0 and 100.
std::uint32_t around(std::uint32_t usual, int spread, std::minstd_rand& random) {
  const int drift = std::uniform_int_distribution<int>(-spread, spread)(random);
  return static_cast<std::uint32_t>(std::clamp(static_cast<int>(usual) + drift, 0, 100));
}

}  // namespace

Node::Node(const Surroundings& surroundings, std::uint32_t number, std::function<void()> wake,
           std::int64_t first_dial_ms)
    : surroundings_(surroundings),
      number_(number),
      usual_cpu_percent_(10 + number % 50),
      usual_memory_percent_(20 + number % 60),
      processes_(surroundings.settings.task_time),
      line_(surroundings.exchange, std::move(wake), first_dial_ms) {
  const core::Moment now{first_dial_ms, 0};
  step(core::Recovered{{}, false, {}, surroundings_.boot_id, surroundings_.boot_id}, now);
  step(core::SupervisorAttached{surroundings_.boot_id, {}}, now);
}

std::int64_t Node::next_deadline() const {
  std::int64_t earliest = line_.next_deadline();
  for (const auto& deadline : {core::next_deadline(state_), processes_.next_deadline()}) {
    if (deadline) earliest = std::min(earliest, *deadline);
  }
  return earliest;
}

void Node::turn(core::Moment now) {
  for (const core::SupervisorStatus& status : processes_.take(now)) {
    ++(status.cause ? surroundings_.exchange.counters.ended
                    : surroundings_.exchange.counters.started);
    step(status, now);
  }
  take_events(now);
  const auto deadline = core::next_deadline(state_);
  if (deadline && *deadline <= now.steady_ms) step(core::Tick{}, now);
  report(now);
}

void Node::take_events(core::Moment now) {
  for (const agent::link::Event& event : line_.take_events(now.steady_ms)) take(event, now);
}

void Node::take(const agent::link::Event& event, core::Moment now) {
  if (std::holds_alternative<agent::link::DialDue>(event)) {
    dial(now.steady_ms);
  } else if (std::holds_alternative<agent::link::HeartbeatDue>(event)) {
    heartbeat_wanted_ = true;
  } else if (const auto* opened = std::get_if<agent::link::Opened>(&event)) {
    step(core::SessionOpened{Epoch{opened->epoch}, SessionId{opened->session}}, now);
  } else if (const auto* closed = std::get_if<agent::link::Closed>(&event)) {
    heartbeat_wanted_ = false;
    if (closed->was_open) step(core::MasterLost{}, now);
  } else if (const auto* renewed = std::get_if<agent::link::LeaseRenewed>(&event)) {
    step(core::LeaseRenewed{Epoch{renewed->epoch}, SessionId{renewed->session}, renewed->until_ms},
         now);
  } else if (const auto* received = std::get_if<agent::link::Received>(&event)) {
    step(agent::wire::commands(received->message).input, now);
  }
}

// What is asked of the supervisor is done at once, and every check over the network passes.
void Node::step(const core::Input& input, core::Moment now) {
  core::Output output = core::step(state_, input, now);
  for (const core::SupervisorRequest& request : std::exchange(output.requests, {})) {
    processes_.obey(request, now);
  }
  const std::vector<core::Probe> probes = std::exchange(output.probes, {});
  output_.reports.insert(output_.reports.end(), output.reports.begin(), output.reports.end());
  output_.removed.insert(output_.removed.end(), output.removed.begin(), output.removed.end());
  for (const core::Probe& probe : probes) step(core::Checked{probe.id, std::nullopt}, now);
}

void Node::report(core::Moment now) {
  const core::Output output = std::exchange(output_, {});
  const bool heartbeat = std::exchange(heartbeat_wanted_, false);
  if (output.reports.empty() && output.removed.empty() && !heartbeat) return;
  v1::AgentMessage message;
  if (heartbeat) write_load(message.mutable_heartbeat());
  for (const core::AttemptReport& each : output.reports) {
    agent::wire::write(each, message.add_attempts());
  }
  for (const AllocationId& id : output.removed) agent::wire::write(id, message.add_removed());
  line_.send(std::move(message), now.steady_ms);
}

void Node::dial(std::int64_t steady_ms) {
  v1::AgentMessage message;
  v1::Hello* hello = message.mutable_hello();
  hello->set_node_id(std::string(node_id(surroundings_.settings.seed, number_).raw()));
  hello->set_node_secret("simulated node, seed " + std::to_string(surroundings_.settings.seed));
  hello->set_boot_id(state_.boot_id);
  hello->set_journal_id(state_.journal_id);
  hello->set_dialled_ms(steady_ms);
  hello->set_highest_epoch(state_.highest_epoch.value);
  hello->set_advertise_ip(address_of(number_));
  for (const auto& [key, value] : surroundings_.settings.labels) {
    v1::Label* label = hello->add_labels();
    label->set_key(key);
    label->set_value(value);
  }
  hello->mutable_attributes()->insert(surroundings_.attributes.begin(),
                                      surroundings_.attributes.end());
  (*hello->mutable_attributes())["hostname"] = "simulated-" + padded(number_);
  hello->set_cpu_count(surroundings_.settings.cpu_count);
  hello->set_memory_bytes(surroundings_.settings.memory_bytes);
  hello->set_agent_version(DROVER_VERSION);
  for (const AllocationId& id : core::held_allocations(state_)) {
    agent::wire::write(id, hello->add_allocations());
  }
  for (const core::AttemptReport& each : core::known_attempts(state_)) {
    agent::wire::write(each, hello->add_attempts());
  }
  write_load(message.mutable_heartbeat());
  line_.dial(std::move(message), steady_ms);
}

// Different each time, as a real node's is.
void Node::write_load(v1::Heartbeat* heartbeat) {
  std::minstd_rand& random = surroundings_.exchange.random;
  heartbeat->set_cpu_percent(around(usual_cpu_percent_, 5, random));
  heartbeat->set_memory_percent(around(usual_memory_percent_, 2, random));
}

}  // namespace drover::bench
