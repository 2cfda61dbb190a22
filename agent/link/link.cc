#include "agent/link/link.h"

#include <absl/synchronization/mutex.h>

#include <algorithm>
#include <utility>

#include "common/check.h"
#include "common/limits.h"
#include "common/log.h"

namespace drover::agent::link {
namespace {

std::int64_t ms(std::chrono::milliseconds duration) { return duration.count(); }

// A channel for one dial: names are resolved anew, and gRPC's own backoff stays out of the way.
std::shared_ptr<grpc::Channel> make_channel(const std::string& master) {
  grpc::ChannelArguments arguments;
  const int connect_ms = static_cast<int>(ms(limits::kConnectTimeout));
  arguments.SetMaxReceiveMessageSize(static_cast<int>(limits::kAgentMessageBytes));
  arguments.SetMaxSendMessageSize(static_cast<int>(limits::kAgentMessageBytes));
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, connect_ms);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(ms(limits::kKeepaliveTime)));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, static_cast<int>(ms(limits::kKeepaliveTimeout)));
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  return grpc::CreateCustomChannel(master, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

Link::Link(std::vector<std::string> masters, std::function<void()> wake, OutputEvents output)
    : masters_(std::move(masters)),
      wake_(std::move(wake)),
      output_events_(std::move(output)),
      backoff_(limits::kReconnectFirst, limits::kReconnectLongest),
      random_(std::random_device{}()) {
  DROVER_CHECK(!masters_.empty(), "an agent has a master to dial");
  // Otherwise Abseil, where it was built without NDEBUG, keeps a graph of all that gRPC locks.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  thread_ = std::thread([this] {
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) Operations::complete(tag, ok);
  });
  output_.emplace(output_events_, queue_, wake_);
}

Link::~Link() {
  output_.reset();
  if (stream_) {
    stream_->cancel();
    // No operation may begin once the queue is shut down; taking lets a paused read come to its
    // end.
    do {
      stream_->take();
    } while (!stream_->wait_for_end(limits::kGoodbyeTime));
  }
  queue_.Shutdown();
  thread_.join();
}

std::vector<Event> Link::take_events(std::int64_t steady_ms) {
  std::vector<Event> events;
  if (stream_) {
    Stream::Taken taken = stream_->take();
    for (v1::MasterMessage& message : taken.messages) {
      take_message(std::move(message), steady_ms, events);
    }
    if (taken.end) take_end(*taken.end, steady_ms, events);
  }
  output_->look(steady_ms);
  check_deadline(steady_ms, events);
  return events;
}

std::optional<std::int64_t> Link::next_deadline() const {
  if (phase_ == Phase::asked_to_dial) return std::nullopt;
  return std::min(deadline_ms_, output_->next_deadline().value_or(deadline_ms_));
}

void Link::dial(v1::AgentMessage hello, std::int64_t steady_ms) {
  DROVER_CHECK(phase_ == Phase::asked_to_dial, "dial() answers DialDue");
  phase_ = Phase::dialling;
  deadline_ms_ = steady_ms + ms(limits::kConnectTimeout);
  refusal_.clear();
  lease_ = Lease();
  number_heartbeat(hello, steady_ms);
  output_hello_.set_node_id(hello.hello().node_id());
  output_hello_.set_node_secret(hello.hello().node_secret());
  channel_ = make_channel(master());
  stream_ = Stream::dial(channel_, queue_, std::move(hello), wake_);
}

void Link::send(v1::AgentMessage message, std::int64_t steady_ms) {
  if (!stream_) return;
  number_heartbeat(message, steady_ms);
  stream_->send(std::move(message));
}

// The time is taken before anything is sent: on the master the lease begins later than here.
void Link::number_heartbeat(v1::AgentMessage& message, std::int64_t steady_ms) {
  if (!message.has_heartbeat()) return;
  message.mutable_heartbeat()->set_sequence(lease_.heartbeat_sent(steady_ms));
}

void Link::say_goodbye() {
  if (phase_ != Phase::open) return;
  v1::AgentMessage goodbye;
  goodbye.set_goodbye(true);
  stream_->send(std::move(goodbye));
  stream_->finish_sending();
  stream_->wait_for_end(limits::kGoodbyeTime);
}

void Link::take_message(v1::MasterMessage message, std::int64_t steady_ms,
                        std::vector<Event>& events) {
  if (!refusal_.empty()) return;
  if (phase_ == Phase::dialling) {
    if (!message.has_welcome() || message.session() == 0) {
      refusal_ = "the master's first message is no welcome to a session; is it of another version?";
      stream_->cancel();
      return;
    }
    open(message, steady_ms, events);
  }
  if (const auto until_ms = lease_.acknowledged(message.heartbeat())) {
    events.emplace_back(LeaseRenewed{message.epoch(), message.session(), *until_ms});
  }
  if (message.wants_output()) output_->want(steady_ms);
  events.emplace_back(Received{std::move(message)});
}

void Link::open(const v1::MasterMessage& message, std::int64_t steady_ms,
                std::vector<Event>& events) {
  phase_ = Phase::open;
  opened_ms_ = steady_ms;
  failures_ = 0;
  complaints_.reset();
  pace_.set_interval(message.welcome().heartbeat_interval_ms());
  deadline_ms_ = pace_.next(steady_ms, chance());
  log::info("session opened",
            {{"master", master()}, {"epoch", message.epoch()}, {"session", message.session()}});
  lease_.set_length(message.welcome().lease_ms());
  output_hello_.set_epoch(message.epoch());
  output_hello_.set_session(message.session());
  output_->open(channel_, output_hello_);
  events.emplace_back(Opened{master(), message.epoch(), message.session()});
}

void Link::take_end(const grpc::Status& status, std::int64_t steady_ms,
                    std::vector<Event>& events) {
  log_end(status, steady_ms);
  output_->close();
  channel_.reset();
  stream_.reset();
  const bool was_open = phase_ == Phase::open;
  // A session that did not last is a failure too: its master may turn this agent away each time.
  if (was_open && steady_ms - opened_ms_ >= ms(limits::kReconnectLongest)) backoff_.reset();
  phase_ = Phase::waiting;
  deadline_ms_ = steady_ms;
  ++next_master_;
  // One pause for each round of all masters.
  if (was_open || ++failures_ % masters_.size() == 0) {
    deadline_ms_ += ms(backoff_.next_pause(chance()));
  }
  events.emplace_back(Closed{was_open});
}

void Link::check_deadline(std::int64_t steady_ms, std::vector<Event>& events) {
  if (phase_ == Phase::asked_to_dial || steady_ms < deadline_ms_) return;
  switch (phase_) {
    case Phase::waiting:
      phase_ = Phase::asked_to_dial;
      events.emplace_back(DialDue{});
      return;
    case Phase::dialling:
      if (refusal_.empty()) refusal_ = "no welcome within the time allowed";
      stream_->cancel();
      deadline_ms_ = steady_ms + ms(limits::kConnectTimeout);
      return;
    case Phase::open:
      deadline_ms_ = pace_.next(steady_ms, chance());
      events.emplace_back(HeartbeatDue{});
      return;
    case Phase::asked_to_dial:
      return;
  }
}

void Link::log_end(const grpc::Status& status, std::int64_t steady_ms) {
  std::string cause = !refusal_.empty() ? refusal_
                      : status.ok()     ? "the master closed it"
                                        : status.error_message();
  if (phase_ == Phase::open) {
    log::warning("session ended", {{"master", master()}, {"cause", cause}});
  } else if (complaints_.is_due(steady_ms)) {
    log::warning("master unreachable, trying on", {{"master", master()}, {"cause", cause}});
  }
}

double Link::chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }

}  // namespace drover::agent::link
