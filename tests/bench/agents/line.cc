#include "tests/bench/agents/line.h"

#include <limits>
#include <utility>

#include "common/check.h"
#include "common/limits.h"

namespace drover::bench {

using agent::link::Event;

namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::int64_t ms(std::chrono::milliseconds duration) { return duration.count(); }

// As the agent's own. The local pool keeps channels with the same arguments from sharing a
// connection.
std::shared_ptr<grpc::Channel> make_channel(const std::string& master) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(limits::kAgentMessageBytes));
  arguments.SetMaxSendMessageSize(static_cast<int>(limits::kAgentMessageBytes));
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS,
                   static_cast<int>(ms(limits::kConnectTimeout)));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(ms(limits::kKeepaliveTime)));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, static_cast<int>(ms(limits::kKeepaliveTimeout)));
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  return grpc::CreateCustomChannel(master, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

Line::Line(const Exchange& exchange, std::function<void()> wake, std::int64_t first_dial_ms)
    : exchange_(exchange),
      wake_(std::move(wake)),
      deadline_ms_(first_dial_ms),
      backoff_(limits::kReconnectFirst, limits::kReconnectLongest) {}

Line::~Line() { DROVER_CHECK(is_over(), "a call outlives its line"); }

std::vector<Event> Line::take_events(std::int64_t steady_ms) {
  std::vector<Event> events;
  if (stream_) {
    agent::link::Stream::Taken taken = stream_->take();
    for (v1::MasterMessage& message : taken.messages) {
      take_message(std::move(message), steady_ms, events);
    }
    if (taken.end) take_end(steady_ms, events);
  }
  if (phase_ == Phase::admitted) {
    phase_ = Phase::asked_to_dial;
    events.emplace_back(agent::link::DialDue{});
  }
  check_deadline(steady_ms, events);
  return events;
}

void Line::take_message(v1::MasterMessage message, std::int64_t steady_ms,
                        std::vector<Event>& events) {
  ++exchange_.counters.messages_received;
  exchange_.counters.bytes_received += message.ByteSizeLong();
  if (phase_ == Phase::dialling) {
    if (!message.has_welcome() || message.session() == 0) return stream_->cancel();
    open(message, steady_ms, events);
  }
  if (const auto until_ms = lease_.acknowledged(message.heartbeat())) {
    events.emplace_back(agent::link::LeaseRenewed{message.epoch(), message.session(), *until_ms});
  }
  events.emplace_back(agent::link::Received{std::move(message)});
}

void Line::open(const v1::MasterMessage& message, std::int64_t steady_ms,
                std::vector<Event>& events) {
  phase_ = Phase::open;
  exchange_.gate.leave();
  opened_ms_ = steady_ms;
  ++exchange_.counters.welcomed;
  ++exchange_.counters.open;
  pace_.set_interval(exchange_.heartbeat_ms != 0 ? exchange_.heartbeat_ms
                                                 : message.welcome().heartbeat_interval_ms());
  deadline_ms_ = pace_.next(steady_ms, chance());
  lease_.set_length(message.welcome().lease_ms());
  events.emplace_back(agent::link::Opened{exchange_.master, message.epoch(), message.session()});
}

void Line::take_end(std::int64_t steady_ms, std::vector<Event>& events) {
  channel_.reset();
  stream_.reset();
  const bool was_open = phase_ == Phase::open;
  if (was_open) {
    ++exchange_.counters.lost;
    --exchange_.counters.open;
    if (steady_ms - opened_ms_ >= ms(limits::kReconnectLongest)) backoff_.reset();
  } else {
    ++exchange_.counters.refused;
    exchange_.gate.leave();
  }
  phase_ = Phase::waiting;
  deadline_ms_ = steady_ms + ms(backoff_.next_pause(chance()));
  events.emplace_back(agent::link::Closed{was_open});
}

void Line::come_to_gate() {
  phase_ = Phase::at_gate;
  deadline_ms_ = kNever;
  exchange_.gate.queue([this] {
    phase_ = Phase::admitted;
    wake_();
  });
}

void Line::check_deadline(std::int64_t steady_ms, std::vector<Event>& events) {
  if (steady_ms < deadline_ms_) return;
  switch (phase_) {
    case Phase::waiting:
      return come_to_gate();
    case Phase::dialling:  // no welcome within the time allowed
      stream_->cancel();
      deadline_ms_ = steady_ms + ms(limits::kConnectTimeout);
      return;
    case Phase::open:
      deadline_ms_ = pace_.next(steady_ms, chance());
      events.emplace_back(agent::link::HeartbeatDue{});
      return;
    case Phase::at_gate:
    case Phase::admitted:
    case Phase::asked_to_dial:
      return;
  }
}

void Line::dial(v1::AgentMessage hello, std::int64_t steady_ms) {
  DROVER_CHECK(phase_ == Phase::asked_to_dial, "dial() answers DialDue");
  phase_ = Phase::dialling;
  deadline_ms_ = steady_ms + ms(limits::kConnectTimeout);
  lease_ = {};
  number_heartbeat(hello, steady_ms);
  count(hello);
  channel_ = make_channel(exchange_.master);
  stream_ = agent::link::Stream::dial(channel_, exchange_.queue, std::move(hello), wake_);
}

void Line::send(v1::AgentMessage message, std::int64_t steady_ms) {
  if (!stream_) return;
  number_heartbeat(message, steady_ms);
  count(message);
  stream_->send(std::move(message));
}

void Line::number_heartbeat(v1::AgentMessage& message, std::int64_t steady_ms) {
  if (!message.has_heartbeat()) return;
  message.mutable_heartbeat()->set_sequence(lease_.heartbeat_sent(steady_ms));
}

void Line::count(const v1::AgentMessage& message) {
  ++exchange_.counters.messages_sent;
  exchange_.counters.bytes_sent += message.ByteSizeLong();
  if (message.has_heartbeat()) ++exchange_.counters.heartbeats;
}

void Line::say_goodbye() {
  if (phase_ != Phase::open) return cancel();
  v1::AgentMessage goodbye;
  goodbye.set_goodbye(true);
  count(goodbye);
  stream_->send(std::move(goodbye));
  stream_->finish_sending();
}

void Line::cancel() {
  if (stream_) stream_->cancel();
}

bool Line::is_over() {
  if (!stream_) return true;
  stream_->take();
  return stream_->wait_for_end(std::chrono::milliseconds(0));
}

}  // namespace drover::bench
