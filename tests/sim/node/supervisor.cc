#include "tests/sim/node/supervisor.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "tests/sim/oracle/oracle.h"

namespace drover::sim {

Supervisor::Supervisor(Context& context, Machine& machine, std::uint64_t number)
    : context_(context),
      machine_(machine),
      id_(machine.name() + " supervisor " + std::to_string(number)) {
  context_.trace.note(machine_.name(), "supervisor " + std::to_string(number) + " started");
}

Supervisor::~Supervisor() {
  for (auto& [number, attempt] : attempts_) {
    if (attempt.end) continue;
    const auto id = AttemptId::parse(attempt.key);
    if (id)
      context_.oracle.process_ended(
          {*id, machine_.number, {RealEnd::Kind::signalled, SIGKILL, true}});
  }
  for (const ConnectionId connection : connections_) {
    context_.network.drop(connection, Side::listener, false);
  }
}

void Supervisor::after(Time pause, std::function<void()> action) {
  context_.events.after(pause, [weak = std::weak_ptr<bool>(alive_), action = std::move(action)] {
    if (weak.lock()) action();
  });
}

void Supervisor::freeze() { frozen_ = true; }

void Supervisor::thaw() {
  frozen_ = false;
  enforce_fence();
  for (auto& [number, attempt] : attempts_) {
    if (attempt.end && !attempt.end_noticed) notice(number);
  }
  for (const ConnectionId connection : std::vector<ConnectionId>(connections_)) {
    context_.network.resume(connection);
  }
}

std::vector<std::string> Supervisor::known_keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, number] : by_key_) keys.push_back(key);
  return keys;
}

void Supervisor::on_message(ConnectionId connection, const std::string& bytes) {
  supervisor::Request request;
  if (!request.ParseFromString(bytes)) return;
  if (request.has_attach()) {
    attach(connection);
  } else if (request.has_spawn()) {
    spawn(request.spawn());
  } else if (request.has_signal()) {
    signal(request.signal().key(), request.signal().signal());
  } else if (request.has_kill()) {
    signal(request.kill().key(), SIGKILL);
  } else if (request.has_forget()) {
    forget(request.forget().key());
  } else if (request.has_fence()) {
    fence_.set(request.fence().steady_ms());
    plan_fence();
  }
}

Endpoint* Supervisor::accept(ConnectionId connection) {
  connections_.push_back(connection);
  return this;
}

void Supervisor::on_closed(ConnectionId connection, const std::string&) {
  std::erase(connections_, connection);
  if (agent_ == connection) agent_.reset();
}

// An earlier agent is disconnected.
void Supervisor::attach(ConnectionId connection) {
  if (agent_ && *agent_ != connection) {
    context_.network.close(*agent_, Side::listener, "another agent has attached");
    std::erase(connections_, *agent_);
  }
  agent_ = connection;
  supervisor::Event event;
  supervisor::Snapshot& snapshot = *event.mutable_snapshot();
  for (const auto& [number, attempt] : attempts_) fill(attempt, *snapshot.add_attempts());
  snapshot.set_supervisor_id(id_);
  context_.network.send(connection, Side::listener, event.SerializeAsString());
}

void Supervisor::spawn(const supervisor::Spawn& request) {
  if (const Attempt* known = find(request.key())) return tell(*known);
  const std::uint64_t number = ++last_number_;
  Attempt& attempt = attempts_[number];
  by_key_[request.key()] = number;
  attempt.number = number;
  attempt.key = request.key();
  attempt.task = behaviour_of(request.arguments());
  const auto id = AttemptId::parse(attempt.key);
  if (id && id->attempt <= attempt.task.fails_first) ++attempt.task.exit_code;
  // Of what checks another one, the code says how often it fails.
  if (!id) attempt.task.exit_code = check_passes(attempt.task.exit_code, attempt.key) ? 0 : 1;
  attempt.fenced = request.fenced();
  attempt.fence_grace_ms = request.fence_grace_ms();
  attempt.started_unix_ms = machine_.clock.unix_ms(context_.events.now());
  attempt.started_steady_ms = machine_.clock.steady(context_.events.now());
  if (attempt.fenced && !fence_.is_ahead(machine_.clock.steady(context_.events.now()))) {
    attempt.fence_passed = true;
    return fail(attempt, ETIME);
  }
  if (attempt.task.spawn_error != 0) return fail(attempt, attempt.task.spawn_error);
  if (attempt.fenced) {
    fence_.add(number, attempt.fence_grace_ms);
    plan_fence();
  }
  if (id) context_.oracle.process_began({*id, machine_.number});
  if (attempt.task.runs_ms > 0) {
    after(attempt.task.runs_ms, [this, number] {
      const Attempt* still = find(number);
      if (still != nullptr) die(number, {RealEnd::Kind::exited, still->task.exit_code});
    });
  }
  tell(attempt);
}

void Supervisor::fail(Attempt& attempt, int error_number) {
  attempt.end = RealEnd{RealEnd::Kind::not_spawned, error_number};
  attempt.end_noticed = true;
  attempt.ended_unix_ms = machine_.clock.unix_ms(context_.events.now());
  if (const auto id = AttemptId::parse(attempt.key)) {
    context_.oracle.process_not_spawned({*id, machine_.number, *attempt.end});
  }
  tell(attempt);
}

void Supervisor::signal(const std::string& key, int signal) {
  Attempt* attempt = find(key);
  if (attempt == nullptr || attempt->end) return;
  const std::uint64_t number = attempt->number;
  attempt->signalled = true;
  if (signal == SIGKILL) return kill(*attempt);
  if (std::exchange(attempt->terminated, true) || attempt->task.on_term_ms < 0) return;
  const RealEnd end = attempt->task.exits_on_term
                          ? RealEnd{RealEnd::Kind::exited, attempt->task.exit_code}
                          : RealEnd{RealEnd::Kind::signalled, signal};
  after(attempt->task.on_term_ms, [this, number, end] {
    if (find(number) != nullptr) die(number, end);
  });
}

// Which takes its time: what waits for a disk dies when it has what it waited for.
void Supervisor::kill(Attempt& attempt) {
  if (std::exchange(attempt.killed, true)) return;
  const Time pause = machine_.random.chance(0.2) ? machine_.random.between(100, 1'500)
                                                 : machine_.random.between(0, 5);
  after(pause, [this, number = attempt.number] {
    if (find(number) != nullptr) die(number, {RealEnd::Kind::signalled, SIGKILL});
  });
}

// The process is gone; the supervisor learns of it when it looks.
void Supervisor::die(std::uint64_t number, RealEnd end) {
  Attempt& attempt = *find(number);
  if (attempt.end) return;
  attempt.end = end;
  if (const auto id = AttemptId::parse(attempt.key)) {
    context_.oracle.process_ended({*id, machine_.number, end});
  }
  after(machine_.random.between(0, 3), [this, number] {
    if (!frozen_ && find(number) != nullptr) notice(number);
  });
}

void Supervisor::notice(std::uint64_t number) {
  Attempt& attempt = *find(number);
  if (std::exchange(attempt.end_noticed, true)) return;
  attempt.ended_unix_ms = machine_.clock.unix_ms(context_.events.now());
  if (attempt.fenced) fence_.remove(number, attempt.fence_grace_ms);
  tell(attempt);
}

void Supervisor::forget(const std::string& key) {
  const Attempt* attempt = find(key);
  if (attempt == nullptr || !attempt->end_noticed) return;
  attempts_.erase(attempt->number);
  by_key_.erase(key);
}

void Supervisor::plan_fence() {
  const auto due = fence_.next_due();
  if (!due) return;
  const Time when = machine_.clock.when(*due);
  context_.events.at(when, [this, weak = std::weak_ptr<bool>(alive_)] {
    if (weak.lock()) enforce_fence();
  });
}

void Supervisor::enforce_fence() {
  if (frozen_) return;
  for (const std::uint64_t number : fence_.take_due(machine_.clock.steady(context_.events.now()))) {
    Attempt* attempt = find(number);
    if (attempt == nullptr || attempt->end) continue;
    context_.trace.note(machine_.name(), "fence kills " + context_.trace.name_of_key(attempt->key));
    attempt->fence_passed = true;
    die(number, {RealEnd::Kind::signalled, SIGKILL});
  }
  plan_fence();
}

void Supervisor::fill(const Attempt& attempt, supervisor::Status& status) const {
  status.set_key(attempt.key);
  status.set_started_unix_ms(attempt.started_unix_ms);
  status.set_started_steady_ms(attempt.started_steady_ms);
  if (!attempt.end_noticed) return;
  status.set_ended_unix_ms(attempt.ended_unix_ms);
  status.set_signalled(attempt.signalled);
  status.set_fenced(attempt.fence_passed && attempt.end->kind != RealEnd::Kind::exited);
  switch (attempt.end->kind) {
    case RealEnd::Kind::exited:
      status.set_exit_code(attempt.end->code);
      break;
    case RealEnd::Kind::signalled:
      status.set_signal(attempt.end->code);
      break;
    case RealEnd::Kind::not_spawned:
      status.mutable_spawn_failure()->set_error_number(attempt.end->code);
      status.mutable_spawn_failure()->set_step(attempt.fence_passed ? "fence" : "exec");
      break;
  }
}

void Supervisor::tell(const Attempt& attempt) {
  if (!agent_) return;
  supervisor::Event event;
  fill(attempt, *event.mutable_status());
  context_.network.send(*agent_, Side::listener, event.SerializeAsString());
}

Supervisor::Attempt* Supervisor::find(const std::string& key) {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : find(found->second);
}

Supervisor::Attempt* Supervisor::find(std::uint64_t number) {
  const auto found = attempts_.find(number);
  return found == attempts_.end() ? nullptr : &found->second;
}

}  // namespace drover::sim
