#include "master/agents/messages.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>
#include <utility>

#include "common/limits.h"
#include "common/sha256.h"
#include "common/wire/task_spec.h"

namespace drover::agents {
namespace {

Error wrong(std::string what) { return {ErrorKind::invalid, "the agent sent " + std::move(what)}; }

bool is_ip_address(const std::string& text) {
  in6_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

Result<AllocationId> decode_allocation(const v1::AllocationRef& ref) {
  const auto instance = InstanceId::from_bytes(ref.instance_id());
  if (!instance) return wrong("an instance id that has not 16 bytes");
  return AllocationId{*instance, ref.slot(), ref.generation()};
}

core::TaskEnd decode_end(const v1::End& end) {
  switch (end.cause_case()) {
    case v1::End::kExitCode:
      return {core::EndKind::exited, end.exit_code(), {}};
    case v1::End::kSignal:
      return {core::EndKind::signaled, end.signal(), {}};
    case v1::End::kSpawnFailure:
      return {core::EndKind::spawn_failed, end.spawn_failure().error_number(),
              end.spawn_failure().step()};
    case v1::End::kLost:
      return {core::EndKind::lost, 0, end.lost()};
    case v1::End::kNeverStarted:
      return {core::EndKind::never_started, 0, {}};
    case v1::End::kNotTaken:
      return {core::EndKind::never_started, 0, end.not_taken()};
    case v1::End::CAUSE_NOT_SET:
      break;
  }
  // A cause of a newer agent: that it ended is certain, how is not.
  return {core::EndKind::lost, 0, "the agent gave a cause that this master does not know"};
}

Result<core::AttemptReport> decode_report(const v1::AttemptReport& message) {
  const auto allocation = decode_allocation(message.allocation());
  if (!allocation) return allocation.error();
  core::AttemptReport report;
  report.id = {*allocation, message.task(), message.attempt()};
  report.started_at = message.started_unix_ms();
  if (message.has_end()) {
    report.end = decode_end(message.end());
    report.ended_at = message.end().unix_ms();
    report.stopped = message.end().stopped();
    report.end.fenced = message.end().fenced();
    report.end.reason = wire::read(message.end().reason());
    report.end.output_dropped_bytes = message.end().output_dropped_bytes();
    report.end.used = wire::read(message.end().used());
    if (message.has_next()) report.next_start = message.next().unix_ms();
  } else if (message.has_health()) {
    const v1::HealthReport& health = message.health();
    report.health = {wire::read_health(health.health()), health.since_unix_ms(), health.failure()};
  }
  return report;
}

}  // namespace

std::string digest_of(const std::string& secret) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char each : sha256(secret)) {
    const auto byte = static_cast<unsigned char>(each);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

void set_allocation(const AllocationId& id, v1::AllocationRef& ref) {
  ref.set_instance_id(std::string(id.instance.raw()));
  ref.set_slot(id.slot);
  ref.set_generation(id.generation);
}

Result<core::OpenSession> decode_hello(const v1::Hello& hello, SessionId session) {
  core::OpenSession command;
  command.session = session;
  const auto node = NodeId::from_bytes(hello.node_id());
  if (!node || node->uuid.is_nil()) return wrong("a node id that has not 16 bytes, or none");
  command.node = *node;
  if (hello.node_secret().empty()) return wrong("no node secret");
  command.secret_digest = digest_of(hello.node_secret());
  if (hello.boot_id().empty()) return wrong("no boot id");
  command.boot_id = hello.boot_id();
  command.journal_id = hello.journal_id();
  command.dialled = hello.dialled_ms();
  command.highest_epoch = Epoch{hello.highest_epoch()};
  if (!is_ip_address(hello.advertise_ip())) {
    return wrong("'" + hello.advertise_ip() + "' as its address, which is no IP address");
  }
  command.ip = hello.advertise_ip();
  if (static_cast<std::size_t>(hello.labels_size()) > limits::kLabels) {
    return wrong("more than " + std::to_string(limits::kLabels) + " labels");
  }
  for (const v1::Label& label : hello.labels()) command.labels[label.key()] = label.value();
  command.cpu_count = std::max(hello.cpu_count(), 1U);
  command.memory_bytes = hello.memory_bytes();
  command.agent_version = hello.agent_version();
  command.degraded.assign(hello.degraded().begin(), hello.degraded().end());
  if (static_cast<std::size_t>(hello.attributes_size()) > limits::kLabels) {
    return wrong("more than " + std::to_string(limits::kLabels) + " attributes");
  }
  command.attributes.insert(hello.attributes().begin(), hello.attributes().end());
  auto held = decode_allocations(hello.allocations());
  if (!held) return held.error();
  command.allocations = std::move(*held);
  auto attempts = decode_reports(hello.attempts());
  if (!attempts) return attempts.error();
  command.attempts = std::move(*attempts);
  return command;
}

Result<std::vector<AllocationId>> decode_allocations(
    const google::protobuf::RepeatedPtrField<v1::AllocationRef>& messages) {
  std::vector<AllocationId> ids;
  ids.reserve(static_cast<std::size_t>(messages.size()));
  for (const v1::AllocationRef& ref : messages) {
    const auto id = decode_allocation(ref);
    if (!id) return id.error();
    ids.push_back(*id);
  }
  return ids;
}

Result<std::vector<core::AttemptReport>> decode_reports(
    const google::protobuf::RepeatedPtrField<v1::AttemptReport>& messages) {
  std::vector<core::AttemptReport> reports;
  reports.reserve(static_cast<std::size_t>(messages.size()));
  for (const v1::AttemptReport& message : messages) {
    auto report = decode_report(message);
    if (!report) return report.error();
    reports.push_back(std::move(*report));
  }
  return reports;
}

Result<core::Heartbeat> decode_heartbeat(const v1::Heartbeat& heartbeat, SessionId session,
                                         const NodeId& node) {
  const auto percent = [](std::uint32_t value) {
    return static_cast<std::uint8_t>(std::min(value, 100U));
  };
  core::Heartbeat command;
  command.session = session;
  command.node = node;
  command.usage = {percent(heartbeat.cpu_percent()), percent(heartbeat.memory_percent())};
  command.sequence = heartbeat.sequence();
  command.refuses_work = heartbeat.refuses_work().substr(0, limits::kNameBytes);
  command.tasks.reserve(static_cast<std::size_t>(heartbeat.tasks_size()));
  for (const v1::TaskUse& use : heartbeat.tasks()) {
    const auto allocation = decode_allocation(use.allocation());
    if (!allocation) return allocation.error();
    command.tasks.push_back({{*allocation, use.task(), use.attempt()}, wire::read(use.used())});
  }
  return command;
}

void encode(const core::StartAllocation& message, v1::Command& command) {
  const AllocationId& id = message.allocation->id;
  v1::StartAllocation& start = *command.mutable_start();
  set_allocation(id, *start.mutable_allocation());
  start.set_template_name(message.from->spec.name);
  const core::SlotRole& role = message.allocation->role;
  const core::GroupSpec& group = message.from->spec.groups.at(role.group);
  start.set_group(group.name.value_or(std::to_string(role.group)));
  start.set_index(role.index);
  start.set_exclusive(group.is_exclusive());
  start.set_on_task_failure(
      static_cast<std::uint32_t>(group.on_task_failure.value_or(OnTaskFailure::go_on)));
  for (const TaskSpec& task : group.tasks) wire::write(task, *start.add_tasks());
}

void encode(const core::StopAllocation& message, v1::Command& command) {
  set_allocation(message.id, *command.mutable_stop());
}

void encode(const core::RemoveAllocation& message, v1::Command& command) {
  set_allocation(message.id, *command.mutable_remove());
  command.set_confirm(message.confirm);
}

namespace {

void set_attempt(const AttemptId& id, v1::AttemptRef& ref) {
  set_allocation(id.allocation, *ref.mutable_allocation());
  ref.set_task(id.task);
  ref.set_attempt(id.attempt);
}

}  // namespace

void encode(const core::RestartTask& message, v1::Command& command) {
  set_attempt(message.id, *command.mutable_restart());
}

void encode(const core::SignalTask& message, v1::Command& command) {
  set_attempt(message.id, *command.mutable_signal()->mutable_attempt());
  command.mutable_signal()->set_signal(message.signal);
}

}  // namespace drover::agents
