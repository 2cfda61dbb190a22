#include "master/agents/output_hub.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"
#include "master/agents/messages.h"
#include "master/agents/output_messages.h"
#include "master/agents/output_stream.h"
#include "master/agents/registry.h"

namespace drover::agents {
// What the reader holds.
class OutputHub::Handle final : public output::Reading {
 public:
  Handle(OutputHub& hub, std::uint64_t id) : hub_(hub), id_(id) {}
  ~Handle() override { hub_.drop(id_); }

  void grant(std::uint64_t bytes) override { hub_.grant(id_, bytes); }
  void finish() override { hub_.finish(id_); }

 private:
  OutputHub& hub_;
  const std::uint64_t id_;
};

std::unique_ptr<output::Reading> OutputHub::read(const output::Request& request,
                                                 std::shared_ptr<output::Listener> listener) {
  std::uint64_t id = 0;
  SessionId asked;
  {
    const MutexLock lock(mutex_);
    id = ++last_reading_;
    Line& line = lines_[request.node];
    if (readings_.size() < limits::kOutputReadings &&
        line.readings.size() < limits::kOutputReadingsPerNode) {
      line.readings.push_back(id);
      Entry& entry = readings_[id];
      entry = {request, std::move(listener), limits::kOutputCredit, nullptr};
      if (line.stream) begin(id, entry, *line.stream);
      asked = to_ask(line);
    }
  }
  ask(asked);
  // It was not taken over.
  if (listener) listener->on_end({output::EndCause::busy, "too many readers"});
  return std::make_unique<Handle>(*this, id);
}

SessionId OutputHub::to_ask(Line& line) {
  if (line.stream || line.readings.empty() || line.session == SessionId{}) return {};
  return std::exchange(line.is_asked, true) ? SessionId{} : line.session;
}

void OutputHub::ask(SessionId session) const {
  if (session != SessionId{}) sessions_.ask_for_output(session);
}

void OutputHub::begin(std::uint64_t id, Entry& entry, OutputStream& stream) {
  entry.stream = &stream;
  stream.ask(encode_read(id, entry.request));
}

void OutputHub::grant(std::uint64_t id, std::uint64_t bytes) {
  const MutexLock lock(mutex_);
  const auto found = readings_.find(id);
  if (found == readings_.end()) return;
  OutputStream* stream = stream_of(found->second);
  if (stream == nullptr) return;
  found->second.credit += bytes;
  v1::OutputRequest message;
  message.mutable_credit()->set_reading(id);
  message.mutable_credit()->set_bytes(bytes);
  stream->ask(std::move(message));
}

void OutputHub::finish(std::uint64_t id) {
  const MutexLock lock(mutex_);
  const auto found = readings_.find(id);
  if (found == readings_.end()) return;
  found->second.request.follow = false;
  OutputStream* stream = stream_of(found->second);
  if (stream == nullptr) return;
  v1::OutputRequest message;
  message.set_finish(id);
  stream->ask(std::move(message));
}

void OutputHub::drop(std::uint64_t id) {
  const MutexLock lock(mutex_);
  const auto found = readings_.find(id);
  if (found == readings_.end()) return;
  if (OutputStream* stream = stream_of(found->second)) {
    v1::OutputRequest message;
    message.set_cancel(id);
    stream->ask(std::move(message));
  }
  erase(id);
}

OutputStream* OutputHub::stream_of(const Entry& entry) {
  if (entry.stream == nullptr) return nullptr;
  const auto line = lines_.find(entry.request.node);
  if (line == lines_.end() || line->second.stream.get() != entry.stream) return nullptr;
  return line->second.stream.get();
}

std::shared_ptr<output::Listener> OutputHub::erase(std::uint64_t id) {
  const auto found = readings_.find(id);
  std::shared_ptr<output::Listener> listener = std::move(found->second.listener);
  const auto line = lines_.find(found->second.request.node);
  const NodeId node = line->first;
  readings_.erase(found);
  std::erase(line->second.readings, id);
  drop_if_unused(node);
  return listener;
}

void OutputHub::drop_if_unused(const NodeId& node) {
  const auto found = lines_.find(node);
  if (found == lines_.end()) return;
  const Line& line = found->second;
  if (!line.stream && line.readings.empty() && line.session == SessionId{}) lines_.erase(found);
}

std::size_t OutputHub::enter() {
  const MutexLock lock(mutex_);
  return ++streams_;
}

Result<NodeId> OutputHub::admit(const v1::OutputHello& hello,
                                const std::shared_ptr<OutputStream>& stream) {
  const auto node = NodeId::from_bytes(hello.node_id());
  if (!node) return Error{ErrorKind::invalid, "the first message must carry a hello"};
  std::shared_ptr<OutputStream> former;
  {
    const MutexLock lock(mutex_);
    // With the mutex held: a session that ends after this finds its stream.
    const SessionId session{hello.session()};
    if (hello.epoch() != epoch_.value ||
        !sessions_.is_open(session, *node, digest_of(hello.node_secret()))) {
      return Error{ErrorKind::invalid, "its node has no such session"};
    }
    Line& line = lines_[*node];
    line.session = session;
    line.is_asked = false;
    if (line.readings.empty()) return Error{ErrorKind::unavailable, "nobody reads there"};
    former = std::exchange(line.stream, stream);
    for (const std::uint64_t id : line.readings) {
      Entry& entry = readings_.at(id);
      if (entry.stream == nullptr) begin(id, entry, *stream);
    }
  }
  if (former) former->close(grpc::StatusCode::ABORTED, "the node has opened another one");
  return *node;
}

Status OutputHub::take(v1::OutputMessage& message, const OutputStream& stream) {
  for (v1::OutputChunk& chunk : *message.mutable_chunks()) {
    auto listener = listener_of(chunk, stream);
    if (!listener) return listener.error();
    if (*listener) (*listener)->on_chunk(decode_chunk(chunk));
  }
  for (const v1::OutputEnd& end : message.ends()) {
    std::shared_ptr<output::Listener> listener;
    {
      const MutexLock lock(mutex_);
      const auto found = readings_.find(end.reading());
      if (found == readings_.end() || found->second.stream != &stream) continue;
      listener = erase(end.reading());
    }
    listener->on_end(decode_end(end));
  }
  return Done{};
}

// Null: nobody reads it any more.
Result<std::shared_ptr<output::Listener>> OutputHub::listener_of(const v1::OutputChunk& chunk,
                                                                 const OutputStream& stream) {
  const MutexLock lock(mutex_);
  const auto found = readings_.find(chunk.reading());
  if (found == readings_.end() || found->second.stream != &stream) {
    return std::shared_ptr<output::Listener>();
  }
  Entry& entry = found->second;
  if (chunk.data().size() > entry.credit) {
    return Error{ErrorKind::invalid, "the agent sent more of an output than was asked for"};
  }
  entry.credit -= chunk.data().size();
  return entry.listener;
}

void OutputHub::leave(const OutputStream& stream, const std::optional<NodeId>& node) {
  std::vector<std::shared_ptr<output::Listener>> listeners;
  {
    const MutexLock lock(mutex_);
    --streams_;
    const auto found = node ? lines_.find(*node) : lines_.end();
    if (found == lines_.end()) return;
    Line& line = found->second;
    if (line.stream.get() == &stream) line.stream = nullptr;
    const std::vector<std::uint64_t> all = line.readings;
    for (const std::uint64_t id : all) {
      if (readings_.at(id).stream == &stream) listeners.push_back(erase(id));
    }
    drop_if_unused(*node);
  }
  for (const auto& listener : listeners) {
    listener->on_end({output::EndCause::node_gone, "the connection of its node has ended"});
  }
}

void OutputHub::begin_session(const NodeId& node, SessionId session) {
  SessionId asked;
  {
    const MutexLock lock(mutex_);
    Line& line = lines_[node];
    // Those of one node may be noted in another order than they were welcomed in.
    if (line.session >= session) return;
    line.session = session;
    line.is_asked = false;
    asked = to_ask(line);
  }
  ask(asked);
}

void OutputHub::end_session(const NodeId& node, SessionId session) {
  std::shared_ptr<OutputStream> over;
  {
    const MutexLock lock(mutex_);
    const auto found = lines_.find(node);
    if (found == lines_.end() || found->second.session != session) return;
    over = found->second.stream;
    found->second.session = {};
    drop_if_unused(node);
  }
  if (over) over->close(grpc::StatusCode::UNAVAILABLE, "its session has ended");
}

}  // namespace drover::agents
