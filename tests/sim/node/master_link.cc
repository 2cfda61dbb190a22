#include "tests/sim/node/master_link.h"

#include <utility>

#include "common/limits.h"

namespace drover::sim {
namespace {

std::int64_t ms(std::chrono::milliseconds duration) { return duration.count(); }

}  // namespace

MasterLink::MasterLink(Host host, Random& random)
    : host_(std::move(host)),
      random_(random),
      backoff_(limits::kReconnectFirst, limits::kReconnectLongest) {}

std::vector<MasterLink::Event> MasterLink::take_events(std::int64_t steady_ms) {
  std::vector<Event> events;
  for (v1::MasterMessage& message : std::exchange(received_, {})) {
    take_message(std::move(message), steady_ms, events);
  }
  if (ended_) take_end(steady_ms, events);
  check_deadline(steady_ms, events);
  return events;
}

std::optional<std::int64_t> MasterLink::next_deadline() const {
  if (phase_ == Phase::asked_to_dial) return std::nullopt;
  return deadline_ms_;
}

void MasterLink::dial(v1::AgentMessage hello, std::int64_t steady_ms) {
  phase_ = Phase::dialling;
  deadline_ms_ = steady_ms + ms(limits::kConnectTimeout);
  refused_ = ended_ = false;
  lease_ = agent::link::Lease();
  outbox_.clear();
  received_.clear();
  number_heartbeat(hello, steady_ms);
  connection_ = host_.dial();
  host_.send(*connection_, hello.SerializeAsString());
}

void MasterLink::send(v1::AgentMessage message, std::int64_t steady_ms) {
  if (!connection_) return;
  number_heartbeat(message, steady_ms);
  outbox_.push_back(std::move(message));
  write();
}

// As agent/link/stream.cc: a heartbeat does not wait behind reports, and the newest one counts.
void MasterLink::write() {
  while (connection_ && !outbox_.empty() && host_.may_write(*connection_)) {
    v1::AgentMessage message = std::move(outbox_.front());
    outbox_.pop_front();
    for (v1::AgentMessage& later : std::exchange(outbox_, {})) message.MergeFrom(later);
    host_.send(*connection_, message.SerializeAsString());
  }
}

void MasterLink::number_heartbeat(v1::AgentMessage& message, std::int64_t steady_ms) {
  if (!message.has_heartbeat()) return;
  message.mutable_heartbeat()->set_sequence(lease_.heartbeat_sent(steady_ms));
}

void MasterLink::say_goodbye() {
  if (phase_ != Phase::open) return;
  v1::AgentMessage goodbye;
  goodbye.set_goodbye(true);
  host_.send(*connection_, goodbye.SerializeAsString());
}

bool MasterLink::reads() const { return received_.size() < limits::kMasterMessagesAhead; }

void MasterLink::on_message(const std::string& bytes) {
  v1::MasterMessage message;
  if (message.ParseFromString(bytes)) received_.push_back(std::move(message));
}

void MasterLink::on_closed(const std::string&) {
  connection_.reset();
  ended_ = true;
}

void MasterLink::cancel(const std::string& why) {
  if (!connection_) return;
  host_.close(*connection_, why);
  connection_.reset();
  ended_ = true;
}

void MasterLink::take_message(v1::MasterMessage message, std::int64_t steady_ms,
                              std::vector<Event>& events) {
  if (refused_) return;
  if (phase_ == Phase::dialling) {
    if (!message.has_welcome() || message.session() == 0) {
      refused_ = true;
      return cancel("no welcome");
    }
    open(message, steady_ms, events);
  }
  if (const auto until_ms = lease_.acknowledged(message.heartbeat())) {
    events.emplace_back(LeaseRenewed{message.epoch(), message.session(), *until_ms});
  }
  events.emplace_back(Received{std::move(message)});
}

void MasterLink::open(const v1::MasterMessage& message, std::int64_t steady_ms,
                      std::vector<Event>& events) {
  phase_ = Phase::open;
  opened_ms_ = steady_ms;
  pace_.set_interval(message.welcome().heartbeat_interval_ms());
  deadline_ms_ = pace_.next(steady_ms, random_.fraction());
  lease_.set_length(message.welcome().lease_ms());
  events.emplace_back(Opened{message.epoch(), message.session()});
}

void MasterLink::take_end(std::int64_t steady_ms, std::vector<Event>& events) {
  ended_ = false;
  outbox_.clear();
  const bool was_open = phase_ == Phase::open;
  if (was_open && steady_ms - opened_ms_ >= ms(limits::kReconnectLongest)) backoff_.reset();
  phase_ = Phase::waiting;
  deadline_ms_ = steady_ms + ms(backoff_.next_pause(random_.fraction()));
  events.emplace_back(Closed{was_open});
}

void MasterLink::check_deadline(std::int64_t steady_ms, std::vector<Event>& events) {
  if (phase_ == Phase::asked_to_dial || steady_ms < deadline_ms_) return;
  switch (phase_) {
    case Phase::waiting:
      phase_ = Phase::asked_to_dial;
      events.emplace_back(DialDue{});
      return;
    case Phase::dialling:
      cancel("no welcome within the time allowed");
      deadline_ms_ = steady_ms + 1;
      return;
    case Phase::open:
      deadline_ms_ = pace_.next(steady_ms, random_.fraction());
      events.emplace_back(HeartbeatDue{});
      return;
    case Phase::asked_to_dial:
      return;
  }
}

}  // namespace drover::sim
