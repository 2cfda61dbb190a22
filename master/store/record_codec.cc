#include "master/store/record_codec.h"

#include <memory>
#include <utility>

#include "drover/record.pb.h"
#include "master/store/sealed.h"
#include "master/store/task_codec.h"
#include "master/store/template_codec.h"

namespace drover::store {
namespace {

template <class Message>
std::string to_bytes(const Message& message) {
  return seal(message.SerializeAsString());
}

Error damaged(const std::string& what) { return {ErrorKind::invalid, what}; }

template <class Message>
Result<Message> from_bytes(std::string_view bytes) {
  const auto content = unseal(bytes);
  if (!content) return content.error();
  Message message;
  if (!message.ParseFromArray(content->data(), static_cast<int>(content->size()))) {
    return damaged("the record's bytes are damaged");
  }
  return message;
}

// --- Instances ----------------------------------------------------------------------------------

void to_message(const core::Rollout& rollout, record::Rollout& message) {
  message.set_from_version(rollout.from_version);
  message.set_to_version(rollout.to_version);
  message.set_state(static_cast<std::uint32_t>(rollout.state));
  message.set_reason(rollout.reason);
  message.set_since_unix_ms(rollout.since);
}

Result<core::Rollout> from_message(const record::Rollout& message) {
  if (message.state() > static_cast<std::uint32_t>(core::RolloutState::failed)) {
    return damaged("a rollout's state is unknown");
  }
  return core::Rollout{message.from_version(), message.to_version(),
                       static_cast<core::RolloutState>(message.state()), message.reason(),
                       message.since_unix_ms()};
}

void to_message(const core::Instance& instance, record::Instance& message) {
  message.set_id(std::string(instance.id.raw()));
  message.set_template_name(instance.template_name);
  message.set_template_version(instance.template_version);
  message.set_slot_count(instance.slot_count);
  message.mutable_parameters()->insert(instance.parameters.begin(), instance.parameters.end());
  for (const core::SlotRange& range : instance.slots) {
    record::SlotRange& each = *message.add_slots();
    each.set_first(range.first);
    each.set_count(range.count);
  }
  message.mutable_counts()->insert(instance.counts.begin(), instance.counts.end());
  if (instance.rollout) to_message(*instance.rollout, *message.mutable_rollout());
  message.set_created_unix_ms(instance.created_at);
  message.set_state_since_unix_ms(instance.state_since);
  message.set_state(static_cast<std::uint32_t>(instance.state));
  message.set_stop_requested(instance.stop_requested);
  if (instance.scheduled_for) message.set_scheduled_unix_ms(*instance.scheduled_for);
  message.set_changed(instance.changed.value);
}

Result<core::Instance> from_message(const record::Instance& message) {
  const auto id = InstanceId::from_bytes(message.id());
  if (!id) return damaged("an instance's id has not 16 bytes");
  if (message.state() > static_cast<std::uint32_t>(core::InstanceState::lost)) {
    return damaged("an instance's state is unknown");
  }
  core::Instance instance;
  instance.id = *id;
  instance.template_name = message.template_name();
  instance.template_version = message.template_version();
  instance.slot_count = message.slot_count();
  instance.parameters.insert(message.parameters().begin(), message.parameters().end());
  for (const record::SlotRange& range : message.slots()) {
    instance.slots.push_back({range.first(), range.count()});
  }
  instance.counts.insert(message.counts().begin(), message.counts().end());
  if (message.has_rollout()) {
    auto rollout = from_message(message.rollout());
    if (!rollout) return rollout.error();
    instance.rollout = std::move(*rollout);
  }
  instance.created_at = message.created_unix_ms();
  instance.state_since = message.state_since_unix_ms();
  instance.state = static_cast<core::InstanceState>(message.state());
  instance.stop_requested = message.stop_requested();
  if (message.has_scheduled_unix_ms()) instance.scheduled_for = message.scheduled_unix_ms();
  instance.changed = Index{message.changed()};
  return instance;
}

void to_message(const core::FormerCopy& copy, record::FormerCopy& message) {
  message.set_generation(copy.generation);
  if (copy.slot) message.set_slot(*copy.slot);
  message.set_node_id(std::string(copy.node.raw()));
  core::TaskStatus task;
  task.state = copy.state;
  task.end = copy.end;
  task.ended_at = copy.ended_at;
  write(task, *message.mutable_task());
}

Result<core::FormerCopy> from_message(const record::FormerCopy& message) {
  const auto node = NodeId::from_bytes(message.node_id());
  if (!node) return damaged("a former copy's node id has not 16 bytes");
  auto task = read(message.task());
  if (!task) return task.error();
  core::FormerCopy former{message.generation(), {}, *node, task->state, std::move(task->end),
                          task->ended_at};
  if (message.has_slot()) former.slot = message.slot();
  return former;
}

void to_message(const core::Allocation& allocation, record::Allocation& message) {
  message.set_instance_id(std::string(allocation.id.instance.raw()));
  message.set_slot(allocation.id.slot);
  message.set_group(allocation.role.group);
  message.set_index(allocation.role.index);
  message.set_version(allocation.version);
  message.set_retirement(static_cast<std::uint32_t>(allocation.retirement));
  if (allocation.replaces) message.set_replaces(*allocation.replaces);
  message.set_generation(allocation.id.generation);
  if (allocation.node) message.set_node_id(std::string(allocation.node->raw()));
  if (allocation.pinned) message.set_pinned_node_id(std::string(allocation.pinned->raw()));
  message.set_node_incarnation(allocation.node_incarnation);
  message.set_placed_unix_ms(allocation.placed_at);
  message.set_waits_for(static_cast<std::uint32_t>(allocation.waits_for));
  for (const core::TaskStatus& task : allocation.tasks) write(task, *message.add_tasks());
  for (const core::FormerCopy& copy : allocation.former) to_message(copy, *message.add_former());
  if (allocation.original) to_message(*allocation.original, *message.mutable_original());
  message.set_changed(allocation.changed.value);
}

Result<core::Allocation> from_message(const record::Allocation& message) {
  const auto instance = InstanceId::from_bytes(message.instance_id());
  if (!instance) return damaged("an allocation's instance id has not 16 bytes");
  core::Allocation allocation;
  allocation.id = {*instance, message.slot(), message.generation()};
  allocation.role = {message.has_group() ? message.group() : message.slot(), message.index()};
  if (!message.node_id().empty()) {
    allocation.node = NodeId::from_bytes(message.node_id());
    if (!allocation.node) return damaged("an allocation's node id has not 16 bytes");
  }
  if (!message.pinned_node_id().empty()) {
    allocation.pinned = NodeId::from_bytes(message.pinned_node_id());
    if (!allocation.pinned) return damaged("the id of an allocation's only node has not 16 bytes");
  }
  allocation.node_incarnation = message.node_incarnation();
  allocation.placed_at = message.placed_unix_ms();
  for (const record::Task& task : message.tasks()) {
    auto status = read(task);
    if (!status) return status.error();
    allocation.tasks.push_back(std::move(*status));
  }
  if (allocation.tasks.empty()) return damaged("an allocation has no tasks");
  allocation.version = message.version();
  if (message.retirement() > static_cast<std::uint32_t>(core::Retirement::moved)) {
    return damaged("an allocation's retirement is unknown");
  }
  allocation.retirement = static_cast<core::Retirement>(message.retirement());
  if (message.has_replaces()) allocation.replaces = message.replaces();
  if (message.waits_for() > static_cast<std::uint32_t>(core::WaitReason::its_node)) {
    return damaged("an allocation's reason to wait is unknown");
  }
  allocation.waits_for = static_cast<core::WaitReason>(message.waits_for());
  for (const record::FormerCopy& former : message.former()) {
    auto copy = from_message(former);
    if (!copy) return copy.error();
    allocation.former.push_back(std::move(*copy));
  }
  if (message.has_original()) {
    auto original = from_message(message.original());
    if (!original) return original.error();
    if (!original->node) return damaged("an allocation's original has no node");
    allocation.original = std::make_shared<const core::Allocation>(std::move(*original));
  }
  allocation.changed = Index{message.changed()};
  return allocation;
}

// Parses the bytes and maps the message; both can fail.
template <class Record, class Message>
Result<Record> decode(std::string_view bytes) {
  auto message = from_bytes<Message>(bytes);
  if (!message) return message.error();
  return from_message(*message);
}

template <class Message, class Record>
std::string encode_as(const Record& record) {
  Message message;
  to_message(record, message);
  return to_bytes(message);
}

}  // namespace

std::string encode(const core::Template& record) {
  record::Template message;
  message.set_document(record.document);
  message.set_version(record.version);
  message.set_changed(record.changed.value);
  message.set_last_run_unix_ms(record.last_run);
  message.set_removed(record.removed);
  write(record.spec, *message.mutable_spec());
  return to_bytes(message);
}

Result<core::Template> decode_template(std::string_view bytes) {
  const auto message = from_bytes<record::Template>(bytes);
  if (!message) return message.error();
  auto spec = read(message->spec());
  if (!spec) return spec.error();
  core::Template result;
  result.spec = std::move(*spec);
  result.document = message->document();
  result.version = message->version();
  result.changed = Index{message->changed()};
  result.last_run = message->last_run_unix_ms();
  result.removed = message->removed();
  return result;
}

std::string encode(const core::Instance& record) { return encode_as<record::Instance>(record); }

Result<core::Instance> decode_instance(std::string_view bytes) {
  return decode<core::Instance, record::Instance>(bytes);
}

std::string encode(const core::Allocation& record) { return encode_as<record::Allocation>(record); }

Result<core::Allocation> decode_allocation(std::string_view bytes) {
  return decode<core::Allocation, record::Allocation>(bytes);
}

std::string encode(const core::FinishedInstance& record) {
  record::FinishedInstance message;
  to_message(*record.instance, *message.mutable_instance());
  for (const auto& allocation : record.allocations) {
    to_message(*allocation, *message.add_allocations());
  }
  return to_bytes(message);
}

Result<core::FinishedInstance> decode_finished(std::string_view bytes) {
  const auto message = from_bytes<record::FinishedInstance>(bytes);
  if (!message) return message.error();
  auto instance = from_message(message->instance());
  if (!instance) return instance.error();
  core::FinishedInstance result;
  result.instance = std::make_shared<const core::Instance>(std::move(*instance));
  for (const record::Allocation& each : message->allocations()) {
    auto allocation = from_message(each);
    if (!allocation) return allocation.error();
    result.allocations.push_back(std::make_shared<const core::Allocation>(std::move(*allocation)));
  }
  return result;
}

std::string encode(const core::UsedKey& record) {
  record::UsedKey message;
  message.set_key(record.key);
  message.set_digest(record.digest);
  message.set_instance_id(std::string(record.instance.raw()));
  return to_bytes(message);
}

Result<core::UsedKey> decode_used_key(std::string_view bytes) {
  const auto message = from_bytes<record::UsedKey>(bytes);
  if (!message) return message.error();
  const auto instance = InstanceId::from_bytes(message->instance_id());
  if (!instance) return damaged("the instance's id is damaged");
  return core::UsedKey{message->key(), message->digest(), *instance};
}

std::string encode(const KeyBatch& record) {
  record::KeyBatch message;
  message.set_used_at_ms(record.used_at.count());
  for (const std::string& key : record.keys) message.add_keys(key);
  return to_bytes(message);
}

Result<KeyBatch> decode_key_batch(std::string_view bytes) {
  const auto message = from_bytes<record::KeyBatch>(bytes);
  if (!message) return message.error();
  return KeyBatch{std::chrono::milliseconds(message->used_at_ms()),
                  {message->keys().begin(), message->keys().end()}};
}

std::string encode(const core::Node& record) {
  record::Node message;
  message.set_id(std::string(record.id.raw()));
  message.set_ip(record.ip);
  message.mutable_labels()->insert(record.labels.begin(), record.labels.end());
  message.set_online(record.online);
  message.set_boot_id(record.boot_id);
  message.set_journal_id(record.journal_id);
  message.set_incarnation(record.incarnation);
  message.set_cpu_count(record.cpu_count);
  message.set_memory_bytes(record.memory_bytes);
  message.set_secret_digest(record.secret_digest);
  message.set_agent_version(record.agent_version);
  message.mutable_degraded()->Assign(record.degraded.begin(), record.degraded.end());
  if (record.drain) {
    record::Drain& drain = *message.mutable_drain();
    drain.set_deadline_ms(record.drain->deadline.count());
    drain.set_since_unix_ms(record.drain->since);
    drain.set_done(record.drain->done);
  }
  message.mutable_attributes()->insert(record.attributes.begin(), record.attributes.end());
  message.set_status_since_unix_ms(record.status_since);
  message.set_changed(record.changed.value);
  return to_bytes(message);
}

Result<core::Node> decode_node(std::string_view bytes) {
  const auto message = from_bytes<record::Node>(bytes);
  if (!message) return message.error();
  const auto id = NodeId::from_bytes(message->id());
  if (!id) return damaged("a node's id has not 16 bytes");
  core::Node node;
  node.id = *id;
  node.ip = message->ip();
  node.labels.insert(message->labels().begin(), message->labels().end());
  node.online = message->online();
  node.boot_id = message->boot_id();
  node.journal_id = message->journal_id();
  node.incarnation = message->incarnation();
  node.cpu_count = message->cpu_count();
  node.memory_bytes = message->memory_bytes();
  node.secret_digest = message->secret_digest();
  node.agent_version = message->agent_version();
  node.degraded.assign(message->degraded().begin(), message->degraded().end());
  if (message->has_drain()) {
    node.drain = core::Drain{std::chrono::milliseconds(message->drain().deadline_ms()),
                             message->drain().since_unix_ms(), message->drain().done()};
  }
  node.attributes.insert(message->attributes().begin(), message->attributes().end());
  node.status_since = message->status_since_unix_ms();
  node.changed = Index{message->changed()};
  return node;
}

std::string encode(const Meta& meta) {
  record::Meta message;
  message.set_index(meta.index.value);
  message.set_epoch(meta.epoch.value);
  message.set_finished_count(meta.finished_count);
  message.set_running_ms(meta.running.count());
  message.set_event_count(meta.event_count);
  message.set_events_dropped_to(meta.events_dropped_to.value);
  return to_bytes(message);
}

Result<Meta> decode_meta(std::string_view bytes) {
  const auto message = from_bytes<record::Meta>(bytes);
  if (!message) return message.error();
  return Meta{Index{message->index()},   Epoch{message->epoch()},
              message->finished_count(), std::chrono::milliseconds(message->running_ms()),
              message->event_count(),    Index{message->events_dropped_to()}};
}

std::string encode(const Quarantined& record) {
  record::Quarantined message;
  message.set_family(record.family);
  message.set_key(record.key);
  message.set_value(record.value);
  message.set_reason(record.reason);
  message.set_unix_ms(record.at);
  return to_bytes(message);
}

Result<Quarantined> decode_quarantined(std::string_view bytes) {
  const auto message = from_bytes<record::Quarantined>(bytes);
  if (!message) return message.error();
  return Quarantined{message->family(), message->key(), message->value(), message->reason(),
                     message->unix_ms()};
}

}  // namespace drover::store
