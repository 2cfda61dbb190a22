#include "tests/unit/agent/link/fake_master.h"

#include <gtest/gtest.h>

#include <chrono>

namespace drover::agent::fake {

FakeMaster::FakeMaster(Manner manner, int port) : manner_(std::move(manner)) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(),
                           &port_);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  EXPECT_NE(server_, nullptr) << "port " << port << " cannot be listened on";
}

FakeMaster::~FakeMaster() { die(); }

void FakeMaster::die() {
  if (!server_) return;
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  server_.reset();
}

grpc::Status FakeMaster::Session(grpc::ServerContext*, Stream* stream) {
  {
    // With the mutex held, so that no send() comes before the welcome or misses the session.
    const std::lock_guard lock(mutex_);
    if (!manner_.silent && !manner_.turn_away) {
      v1::MasterMessage welcome;
      welcome.set_epoch(manner_.epoch);
      welcome.set_session(manner_.session + static_cast<std::uint64_t>(sessions_begun_));
      welcome.set_sequence(last_sequence_ = 1);
      heartbeat_ = 0;
      welcome.mutable_welcome()->set_heartbeat_interval_ms(manner_.heartbeat_interval_ms);
      welcome.mutable_welcome()->set_lease_ms(manner_.lease_ms);
      stream->Write(welcome);
    }
    ++sessions_begun_;
    newest_ = stream;
    changed_.notify_all();
  }
  v1::AgentMessage message;
  while (!manner_.turn_away && stream->Read(&message)) {
    const std::lock_guard lock(mutex_);
    heard_.push_back(message);
    changed_.notify_all();
    if (!message.has_heartbeat() || newest_ != stream) continue;
    heartbeat_ = message.heartbeat().sequence();
    if (manner_.answers_heartbeats && !fell_silent_) write_locked({});
  }
  const std::lock_guard lock(mutex_);
  ++sessions_ended_;
  if (newest_ == stream) newest_ = nullptr;
  changed_.notify_all();
  return manner_.turn_away.value_or(grpc::Status::OK);
}

grpc::Status FakeMaster::Output(grpc::ServerContext*, OutputStream* stream) {
  {
    const std::lock_guard lock(mutex_);
    if (outputs_begun_++ < manner_.refused_outputs) {
      return {grpc::StatusCode::UNAVAILABLE, "not now"};
    }
    newest_output_ = stream;
    changed_.notify_all();
  }
  v1::OutputMessage message;
  while (stream->Read(&message)) {
    const std::lock_guard lock(mutex_);
    output_heard_.push_back(message);
    changed_.notify_all();
  }
  const std::lock_guard lock(mutex_);
  if (newest_output_ == stream) newest_output_ = nullptr;
  return grpc::Status::OK;
}

FakeMaster::OutputHeard FakeMaster::wait_for_output(
    const std::function<bool(const OutputHeard&)>& enough) {
  wait([&] { return enough(output_heard_); });
  const std::lock_guard lock(mutex_);
  return output_heard_;
}

void FakeMaster::want_output() {
  v1::MasterMessage message;
  message.set_wants_output(true);
  send(message);
}

void FakeMaster::ask(const v1::OutputRequest& request) {
  const std::lock_guard lock(mutex_);
  ASSERT_NE(newest_output_, nullptr) << "no agent has called for output";
  newest_output_->Write(request);
}

void FakeMaster::wait(const std::function<bool()>& condition) {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20), condition)) << "waited in vain";
}

FakeMaster::Heard FakeMaster::wait_until(const std::function<bool(const Heard&)>& enough) {
  wait([&] { return enough(heard_); });
  const std::lock_guard lock(mutex_);
  return heard_;
}

void FakeMaster::wait_for_sessions(int count) {
  wait([&] { return sessions_begun_ >= count; });
}

void FakeMaster::wait_for_no_session() {
  wait([&] { return sessions_ended_ == sessions_begun_; });
}

void FakeMaster::fall_silent() {
  const std::lock_guard lock(mutex_);
  fell_silent_ = true;
}

void FakeMaster::send(v1::MasterMessage message) {
  const std::lock_guard lock(mutex_);
  write_locked(std::move(message));
}

void FakeMaster::write_locked(v1::MasterMessage message) {
  if (message.epoch() == 0) message.set_epoch(manner_.epoch);
  if (message.session() == 0) {
    message.set_session(manner_.session + static_cast<std::uint64_t>(sessions_begun_) - 1);
  }
  if (message.sequence() == 0) message.set_sequence(++last_sequence_);
  message.set_heartbeat(fell_silent_ ? 0 : heartbeat_);
  ASSERT_NE(newest_, nullptr) << "no agent is there";
  newest_->Write(message);
}

void FakeMaster::start(const v1::StartAllocation& start) {
  v1::MasterMessage message;
  *message.add_commands()->mutable_start() = start;
  send(message);
}

void FakeMaster::stop(const v1::AllocationRef& allocation) {
  v1::MasterMessage message;
  *message.add_commands()->mutable_stop() = allocation;
  send(message);
}

void FakeMaster::remove(const v1::AllocationRef& allocation) {
  v1::MasterMessage message;
  *message.add_commands()->mutable_remove() = allocation;
  send(message);
}

v1::AllocationRef allocation_ref(std::uint8_t number) {
  v1::AllocationRef ref;
  std::string bytes(16, '\0');
  bytes.back() = static_cast<char>(number);
  ref.set_instance_id(bytes);
  ref.set_generation(1);
  return ref;
}

v1::StartAllocation group_of(std::uint8_t number, const std::vector<std::string>& lines) {
  v1::StartAllocation start;
  *start.mutable_allocation() = allocation_ref(number);
  start.set_template_name("test");
  for (const std::string& line : lines) {
    v1::TaskSpec* task = start.add_tasks();
    task->set_name("task" + std::to_string(start.tasks_size() - 1));
    task->set_command(line);
  }
  return start;
}

std::optional<v1::AttemptReport> report_of(const FakeMaster::Heard& heard, std::uint8_t number,
                                           std::uint32_t task) {
  const std::string instance = allocation_ref(number).instance_id();
  std::optional<v1::AttemptReport> newest;
  const auto look_at = [&](const auto& reports) {
    for (const v1::AttemptReport& report : reports) {
      if (report.allocation().instance_id() == instance && report.task() == task) newest = report;
    }
  };
  for (const v1::AgentMessage& message : heard) {
    look_at(message.hello().attempts());
    look_at(message.attempts());
  }
  return newest;
}

std::optional<v1::End> end_of(const FakeMaster::Heard& heard, std::uint8_t number,
                              std::uint32_t task) {
  const auto report = report_of(heard, number, task);
  if (!report || !report->has_end()) return std::nullopt;
  return report->end();
}

}  // namespace drover::agent::fake
