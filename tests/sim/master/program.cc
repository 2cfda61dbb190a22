#include "tests/sim/master/program.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"
#include "master/core/step.h"
#include "tests/sim/oracle/oracle.h"

namespace drover::sim {
namespace {

using std::chrono::milliseconds;

// As engine/engine.cc.
milliseconds tick_period(const core::Settings& settings) {
  const milliseconds longest = limits::kTickPeriod;
  const milliseconds shortest = limits::kShortestTickPeriod;
  return std::clamp(settings.lease / 20, shortest, longest);
}

}  // namespace

std::unique_ptr<MasterProgram> MasterProgram::start(const Parts& parts, std::string& why) {
  std::unique_ptr<MasterProgram> program(new MasterProgram(parts));
  if (!program->open(why)) return nullptr;
  return program;
}

MasterProgram::MasterProgram(const Parts& parts)
    : parts_(parts),
      random_(parts.seed, "master program"),
      store_(parts.disk, [this](const core::Changes& changes, Index index) {
        parts_.context.oracle.written(changes, index);
      }) {}

MasterProgram::~MasterProgram() = default;

bool MasterProgram::open(std::string& why) {
  auto loaded = store_.load();
  if (!loaded) {
    why = loaded.error().message;
    return false;
  }
  epoch_ = Epoch{std::max(loaded->last_epoch.value + 1, parts_.minimum_epoch)};
  if (auto begun = store_.begin_epoch(epoch_); !begun) {
    why = begun.error().message;
    return false;
  }
  parts_.context.oracle.master_starts({*loaded, epoch_, [this](const InstanceId& id) {
                                         const auto found = store_.find_finished(id);
                                         return found && found->has_value();
                                       }});
  const Index last_index = loaded->last_index;
  core::State state = core::rebuild(std::move(loaded->records), parts_.settings, now().steady);
  view_ = std::make_unique<engine::View>(state);
  sequencer_ = std::make_unique<engine::Sequencer>(std::move(state), last_index, store_, *view_,
                                                   *this, [this] { return now(); });
  tick_period_ = tick_period(parts_.settings);
  next_tick_ = now().steady;
  plan_tick();
  return true;
}

core::Moment MasterProgram::now() {
  const Time time = parts_.context.events.now();
  return {milliseconds(parts_.clock.steady(time)), parts_.clock.unix_ms(time), Index{},
          random_.next()};
}

// --- The engine ---------------------------------------------------------------------------------

bool MasterProgram::submit(core::Command command, engine::OnDone done) {
  if (inbox_.size() >= parts_.inbox_room) return false;
  enqueue(std::move(command), [this, done = std::move(done)](const core::Reply& reply) {
    const Index last_index = sequencer_->last_index();
    hold_or_do(guarded([this, done, reply, last_index] {
      parts_.context.oracle.answered(last_index);
      done(reply);
    }));
  });
  return true;
}

void MasterProgram::enqueue(core::Command command, engine::OnDone done) {
  inbox_.push_back({std::move(command), std::move(done)});
  plan_turn();
}

void MasterProgram::plan_turn() {
  if (turn_planned_ || syncing_ || parts_.shell.is_frozen()) return;
  turn_planned_ = true;
  parts_.context.events.after(0, guarded([this] {
                                turn_planned_ = false;
                                turn();
                              }));
}

void MasterProgram::plan_tick() {
  parts_.context.events.at(parts_.clock.when(next_tick_.count()), guarded([this] { plan_turn(); }));
}

void MasterProgram::turn() {
  if (syncing_ || parts_.shell.is_frozen()) return;
  std::vector<engine::Submission> submissions = std::exchange(inbox_, {});
  if (!read_only_) carry_out(submissions);
  if (read_only_) read_only_->serve(submissions);
}

// As engine/engine.cc does it.
void MasterProgram::carry_out(std::vector<engine::Submission>& submissions) {
  const milliseconds steady(parts_.clock.steady(parts_.context.events.now()));
  if (steady >= next_tick_) {
    submissions.push_back({core::Tick{}, nullptr});
    const core::UnixMs unix_ms = parts_.clock.unix_ms(parts_.context.events.now());
    for (engine::DueRun& run : sequencer_->schedules().take_due(unix_ms)) {
      submissions.push_back({core::RunSchedule{std::move(run.template_name),
                                               parts_.context.instance_ids.next(), run.due},
                             nullptr});
    }
    next_tick_ = steady + tick_period_;
    plan_tick();
  }
  if (submissions.empty()) return;
  const Index before = sequencer_->last_index();
  if (const Status done = sequencer_->run(submissions); !done) {
    parts_.shell.store_failed(done.error().message);
    read_only_.emplace(sequencer_->state(), *view_, *this, done.error().message);
    return;
  }
  if (const bool suspects = view_->cluster().suspects; suspects != suspects_) {
    suspects_ = suspects;
    parts_.context.trace.note("master",
                              suspects ? "suspects itself" : "does not suspect itself any more");
  }
  if (sequencer_->last_index() == before) return;
  syncing_ = true;
  parts_.context.events.after(parts_.disk.sync_time(), guarded([this] { finish_sync(); }));
}

void MasterProgram::finish_sync() {
  if (parts_.shell.is_frozen()) return;  // thawed() comes back to it
  parts_.disk.sync();
  parts_.context.oracle.synced(sequencer_->last_index());
  syncing_ = false;
  for (auto& effect : std::exchange(held_, {})) effect();
  plan_turn();
}

// What is released while the disk has not synced what came before it, has to wait for that.
void MasterProgram::hold_or_do(std::function<void()> effect) {
  if (parts_.disk.has_unsynced()) {
    held_.push_back(std::move(effect));
  } else {
    effect();
  }
}

void MasterProgram::thawed() {
  if (syncing_) {
    parts_.context.events.after(0, guarded([this] {
                                  if (syncing_) finish_sync();
                                }));
  }
  plan_turn();
}

// --- Sessions -----------------------------------------------------------------------------------

void MasterProgram::accept(ConnectionId connection) {
  const SessionId id{++last_session_};
  sessions_.try_emplace(id, connection, id, epoch_, parts_.settings);
  by_connection_[connection] = id;
  const milliseconds hello_time = limits::kHelloTime;
  parts_.context.events.after(hello_time.count(), guarded([this, id] {
                                const Session* session = find(id);
                                if (session != nullptr && !session->said.node())
                                  close(id, "no hello has come in time");
                              }));
}

MasterProgram::Session* MasterProgram::find(SessionId id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

bool MasterProgram::reads(ConnectionId connection) const {
  const auto id = by_connection_.find(connection);
  return id == by_connection_.end() || sessions_.at(id->second).reading;
}

void MasterProgram::on_message(ConnectionId connection, const std::string& bytes) {
  const auto id = by_connection_.find(connection);
  if (id != by_connection_.end()) handle(id->second, bytes);
}

void MasterProgram::handle(SessionId id, const std::string& bytes) {
  Session& session = *find(id);
  v1::AgentMessage message;
  if (!message.ParseFromString(bytes)) return close(id, "not a message");
  auto commands = session.said.take(message);
  if (!commands) return close(id, commands.error().message);
  session.reading = false;
  const std::size_t count = commands->size();
  for (std::size_t place = 0; place < count; ++place) {
    engine::OnDone done;
    if (place + 1 == count) {
      done = [this, id](const core::Reply&) { hold_or_do(guarded([this, id] { read_next(id); })); };
    }
    enqueue(std::move((*commands)[place]), std::move(done));
  }
}

void MasterProgram::read_next(SessionId id) {
  Session* session = find(id);
  if (session == nullptr) return;
  session->reading = true;
  const ConnectionId connection = session->connection;
  parts_.context.events.after(
      0, guarded([this, connection] { parts_.context.network.resume(connection); }));
}

void MasterProgram::send(std::vector<core::MessageToAgent> messages) {
  parts_.context.oracle.told_agents(messages, sequencer_->last_index());
  hold_or_do(guarded([this, messages = std::move(messages)] { deliver(messages); }));
}

void MasterProgram::deliver(std::vector<core::MessageToAgent> messages) {
  std::map<SessionId, std::vector<core::MessageToAgent>> by_session;
  for (core::MessageToAgent& message : messages) {
    by_session[message.session].push_back(std::move(message));
  }
  for (auto& [id, batch] : by_session) {
    Session* session = find(id);
    if (session == nullptr) continue;
    session->to_say.add(std::move(batch));
    if (!session->write_waits) write(id, *session);
  }
}

void MasterProgram::on_writable(ConnectionId connection) {
  const auto id = by_connection_.find(connection);
  if (id == by_connection_.end()) return;
  Session& session = *find(id->second);
  session.write_waits = false;
  write(id->second, session);
}

void MasterProgram::write(SessionId id, Session& session) {
  v1::MasterMessage message;
  for (;;) {
    if (!parts_.context.network.may_write(session.connection, Side::listener)) {
      session.write_waits = true;
      return;
    }
    if (!session.to_say.next(message)) break;
    parts_.context.oracle.sent_to_agent(*session.said.node(), message);
    std::string bytes = message.SerializeAsString();
    parts_.shell.said(*session.said.node(), bytes);
    parts_.context.network.send(session.connection, Side::listener, std::move(bytes));
  }
  if (const auto& reason = session.to_say.close_reason()) close(id, *reason);
}

void MasterProgram::close(SessionId id, const std::string& reason) {
  const ConnectionId connection = find(id)->connection;
  parts_.context.trace.note("master", "closes session " + std::to_string(id.value) + ": " + reason);
  parts_.context.network.close(connection, Side::listener, reason);
  on_closed(connection);
}

void MasterProgram::on_closed(ConnectionId connection) {
  const auto found = by_connection_.find(connection);
  if (found == by_connection_.end()) return;
  const SessionId id = found->second;
  const Session& session = sessions_.at(id);
  if (const auto& node = session.said.node()) {
    enqueue(core::CloseSession{id, *node, session.said.said_goodbye()}, nullptr);
  }
  sessions_.erase(id);
  by_connection_.erase(found);
}

void MasterProgram::drop_connections(bool silently) {
  for (const auto& [connection, id] : by_connection_) {
    parts_.context.network.drop(connection, Side::listener, silently);
  }
}

}  // namespace drover::sim
