#include "master/store/event_codec.h"

#include <utility>

#include "drover/record.pb.h"
#include "master/store/sealed.h"
#include "master/store/task_codec.h"

namespace drover::store {
namespace {

Error damaged(const std::string& what) { return {ErrorKind::invalid, what}; }

// Each kind of event says only some of this, and setting an empty text takes memory, too.
void to_message(const core::ClusterEvent& event, record::Event& message) {
  message.set_kind(static_cast<std::uint32_t>(event.kind));
  message.set_unix_ms(event.time);
  if (event.instance) message.set_instance_id(std::string(event.instance->raw()));
  if (!event.template_name.empty()) message.set_template_name(event.template_name);
  message.set_version(event.version);
  if (event.node) message.set_node_id(std::string(event.node->raw()));
  if (!event.state.empty()) message.set_state(event.state);
  if (!event.detail.empty()) message.set_detail(event.detail);
  if (event.allocation) {
    message.set_slot(event.allocation->slot);
    message.set_generation(event.allocation->generation);
  }
  if (!event.group.empty()) message.set_group(event.group);
  message.set_index(event.index);
  if (!event.task.empty()) message.set_task(event.task);
  message.set_attempt(event.attempt);
  if (event.end.kind == core::EndKind::none) return;
  core::TaskStatus task;
  task.end = event.end;
  write(task, *message.mutable_end());
}

// Absent where the bytes are none.
template <class Id>
Status read_id(const std::string& bytes, std::optional<Id>& id) {
  if (bytes.empty()) return Done{};
  id = Id::from_bytes(bytes);
  if (!id) return damaged("an id of an event has not 16 bytes");
  return Done{};
}

Result<core::ClusterEvent> from_message(record::Event& message) {
  if (message.kind() >= core::kEventKinds) return damaged("an event's kind is unknown");
  core::ClusterEvent event;
  event.kind = static_cast<core::EventKind>(message.kind());
  event.time = message.unix_ms();
  if (auto read = read_id(message.instance_id(), event.instance); !read) return read.error();
  if (auto read = read_id(message.node_id(), event.node); !read) return read.error();
  event.template_name = std::move(*message.mutable_template_name());
  event.version = message.version();
  event.state = std::move(*message.mutable_state());
  event.detail = std::move(*message.mutable_detail());
  if (message.has_slot()) {
    if (!event.instance) return damaged("an event has an allocation and no instance");
    event.allocation = AllocationId{*event.instance, message.slot(), message.generation()};
  }
  event.group = std::move(*message.mutable_group());
  event.index = message.index();
  event.task = std::move(*message.mutable_task());
  event.attempt = message.attempt();
  if (message.has_end()) {
    auto task = read(message.end());
    if (!task) return task.error();
    event.end = std::move(task->end);
  }
  return event;
}

}  // namespace

std::string encode(const std::vector<core::ClusterEvent>& events, std::uint64_t before) {
  record::EventBatch message;
  message.set_before(before);
  for (const core::ClusterEvent& event : events) to_message(event, *message.add_events());
  return seal(message.SerializeAsString());
}

Result<StoredEvents> decode_events(std::string_view bytes) {
  const auto content = unseal(bytes);
  if (!content) return content.error();
  record::EventBatch message;
  if (!message.ParseFromArray(content->data(), static_cast<int>(content->size()))) {
    return damaged("the record's bytes are damaged");
  }
  StoredEvents stored;
  stored.before = message.before();
  stored.events.reserve(static_cast<std::size_t>(message.events_size()));
  for (record::Event& each : *message.mutable_events()) {
    auto event = from_message(each);
    if (!event) return event.error();
    stored.events.push_back(std::move(*event));
  }
  return stored;
}

}  // namespace drover::store
