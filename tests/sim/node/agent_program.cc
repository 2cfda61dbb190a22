#include "tests/sim/node/agent_program.h"

#include <algorithm>
#include <utility>

#include "agent/core/step.h"
#include "agent/requests.h"
#include "agent/state/journal.h"
#include "agent/wire/convert.h"
#include "common/limits.h"
#include "tests/sim/node/task.h"
#include "tests/sim/oracle/oracle.h"

namespace drover::sim {
namespace {

namespace core = agent::core;

}  // namespace

AgentProgram::AgentProgram(Context& context, Machine& machine, AgentShell& shell)
    : context_(context),
      machine_(machine),
      shell_(shell),
      supervisor_({[this] { return shell_.connect_supervisor(); },
                   [this](const std::string& id) { return shell_.supervisor_exists(id); },
                   [this](ConnectionId connection, std::string bytes) {
                     context_.network.send(connection, Side::dialler, std::move(bytes));
                   },
                   [this](ConnectionId connection) {
                     context_.network.close(connection, Side::dialler, "closed");
                   }}),
      master_({[this] { return shell_.dial_master(); },
               [this](ConnectionId connection, std::string bytes) {
                 context_.network.send(connection, Side::dialler, std::move(bytes));
               },
               [this](ConnectionId connection) {
                 return context_.network.may_write(connection, Side::dialler);
               },
               [this](ConnectionId connection, const std::string& reason) {
                 context_.network.close(connection, Side::dialler, reason);
               }},
              machine.random) {}

AgentProgram::~AgentProgram() = default;

core::Moment AgentProgram::now() const {
  const Time time = context_.events.now();
  return {machine_.clock.steady(time), machine_.clock.unix_ms(time)};
}

bool AgentProgram::start() {
  core::Recovered recovered;
  std::size_t intact_bytes = 0;
  if (machine_.disk.journal) {
    agent::state::Decoded decoded = agent::state::decode(*machine_.disk.journal);
    recovered.journal = std::move(decoded.records);
    recovered.damaged = !decoded.damage.empty();
    intact_bytes = decoded.truncated_at;
  }
  recovered.highest_epoch = machine_.disk.epoch;
  recovered.boot_id = machine_.boot_id();
  recovered.fresh_journal_id = "journal " + std::to_string(machine_.random.next());
  context_.oracle.agent_starts(machine_.number, recovered);
  core::Output output;
  step(recovered, now(), output);
  begin_journal(intact_bytes);
  if (machine_.disk.full && !append(output.journal)) return false;
  output.journal.clear();
  if (!carry_out(output)) return false;
  plan_turn(0);
  return true;
}

void AgentProgram::plan_turn(Time pause) {
  if (turn_planned_) return;
  turn_planned_ = true;
  context_.events.after(pause, [this, weak = std::weak_ptr<bool>(alive_)] {
    if (!weak.lock()) return;
    turn_planned_ = false;
    turn();
  });
}

void AgentProgram::plan_deadline() {
  std::optional<std::int64_t> earliest;
  if (storage_is_full()) earliest = storage_due_ms_;
  for (const auto& deadline :
       {core::next_deadline(state_), supervisor_.next_deadline(), master_.next_deadline()}) {
    if (deadline) earliest = std::min(*deadline, earliest.value_or(*deadline));
  }
  const std::uint64_t number = ++deadline_number_;
  if (!earliest) return;
  const Time when = std::max(machine_.clock.when(*earliest), context_.events.now() + 1);
  context_.events.at(when, [this, number, weak = std::weak_ptr<bool>(alive_)] {
    if (weak.lock() && number == deadline_number_) turn();
  });
}

void AgentProgram::turn() {
  if (failed_ || shell_.is_agent_frozen()) return;
  const core::Moment moment = now();
  std::vector<core::Input> inputs = supervisor_.take_inputs(moment.steady_ms);
  look_at_storage(inputs, moment.steady_ms);
  take_link_events(inputs, moment.steady_ms);
  for (core::Checked& checked : std::exchange(checked_, {}))
    inputs.emplace_back(std::move(checked));
  const auto deadline = core::next_deadline(state_);
  if (deadline && *deadline <= moment.steady_ms) inputs.emplace_back(core::Tick{});
  core::Output output;
  for (const core::Input& input : inputs) step(input, moment, output);
  attached_once_ = attached_once_ || state_.supervisor.has_value();
  if (!carry_out(output)) return;
  if (hello_wanted_ && attached_once_ && state_.strangers.empty()) dial(moment.steady_ms);
  // What was held back may be read now.
  for (const auto& connection : {master_.connection(), supervisor_.connection()}) {
    if (!connection) continue;
    context_.events.after(0,
                          [&network = context_.network, id = *connection] { network.resume(id); });
  }
  plan_deadline();
}

void AgentProgram::step(const core::Input& input, core::Moment moment, core::Output& output) {
  core::Output more = core::step(state_, input, moment);
  context_.oracle.agent_stepped(machine_.number, input, more);
  for (const core::Note& note : more.notes) {
    std::string text(note.event);
    for (const auto& [key, value] : note.fields) {
      text += " " + std::string(key) + "=" + context_.trace.name_of_key(value);
    }
    context_.trace.note(machine_.name(), text);
  }
  output.add(std::move(more));
}

void AgentProgram::take_link_events(std::vector<core::Input>& inputs, std::int64_t steady_ms) {
  for (MasterLink::Event& event : master_.take_events(steady_ms)) {
    if (std::holds_alternative<MasterLink::DialDue>(event)) {
      hello_wanted_ = true;
    } else if (std::holds_alternative<MasterLink::HeartbeatDue>(event)) {
      heartbeat_wanted_ = true;
    } else if (const auto* opened = std::get_if<MasterLink::Opened>(&event)) {
      inputs.emplace_back(core::SessionOpened{Epoch{opened->epoch}, SessionId{opened->session}});
    } else if (const auto* closed = std::get_if<MasterLink::Closed>(&event)) {
      heartbeat_wanted_ = false;
      if (closed->was_open) inputs.emplace_back(core::MasterLost{});
    } else if (const auto* renewed = std::get_if<MasterLink::LeaseRenewed>(&event)) {
      inputs.emplace_back(core::LeaseRenewed{Epoch{renewed->epoch}, SessionId{renewed->session},
                                             renewed->until_ms});
    } else if (auto* received = std::get_if<MasterLink::Received>(&event)) {
      inputs.emplace_back(agent::wire::commands(received->message).input);
    }
  }
}

// As agent/agent.cc and agent/state/journal.cc do it.
void AgentProgram::look_at_storage(std::vector<core::Input>& inputs, std::int64_t steady_ms) {
  if (steady_ms >= storage_due_ms_) {
    has_room_ = !machine_.disk.full;
    if (journal_full_) make_reserve();
    const std::chrono::milliseconds interval = limits::kStorageInterval;
    storage_due_ms_ = steady_ms + interval.count();
  }
  if (storage_is_full() == state_.storage_full) return;
  inputs.emplace_back(core::Storage{storage_is_full()});
  heartbeat_wanted_ = true;
}

void AgentProgram::make_reserve() {
  journal_full_ = machine_.disk.full;
  if (!journal_full_) machine_.disk.reserve = limits::kJournalReserveBytes;
}

// Where there is no room for another file, the old one is gone on with.
void AgentProgram::begin_journal(std::size_t intact_bytes) {
  if (machine_.disk.full) {
    if (!machine_.disk.journal) machine_.disk.journal = "";
    machine_.disk.journal->resize(intact_bytes);
    // What was set aside beyond the end may be given back when the end is cut off.
    if (machine_.random.chance(0.5)) machine_.disk.reserve = 0;
  } else {
    std::string frames;
    for (const core::JournalRecord& record : core::journal_of(state_)) {
      frames += agent::state::encode(record);
    }
    machine_.disk.journal = std::move(frames);
  }
  make_reserve();
}

bool AgentProgram::carry_out(const core::Output& output) {
  if (output.epoch) machine_.disk.epoch = *output.epoch;
  if (!append(output.journal)) return false;
  send_requests(output.requests);
  for (const core::Probe& probe : output.probes) begin(probe);
  send_to_master(output.reports, output.removed);
  return true;
}

bool AgentProgram::append(const std::vector<core::JournalRecord>& records) {
  if (records.empty()) return true;
  std::string frames;
  for (const core::JournalRecord& record : records) frames += agent::state::encode(record);
  AgentDisk& disk = machine_.disk;
  if (disk.full && disk.reserve < frames.size()) {
    // Some of it may still have fitted.
    *disk.journal += frames.substr(0, machine_.random.below(frames.size()));
    failed_ = true;
    shell_.agent_failed("cannot write the journal: No space left on device");
    return false;
  }
  if (disk.full) disk.reserve -= frames.size();
  *disk.journal += frames;
  make_reserve();
  return true;
}

void AgentProgram::send_requests(const std::vector<core::SupervisorRequest>& requests) {
  const agent::state::Layout layout{"/sim"};
  const core::Account account{"sim", "/sim", machine_.disk.node};
  for (const core::SupervisorRequest& request : requests) {
    context_.oracle.agent_asks(machine_.number, request);
    supervisor_.send(agent::to_message(request, layout, account));
  }
}

// What it finds is said by the port.
void AgentProgram::begin(const core::Probe& probe) {
  const auto target = parse_endpoint(*probe.health().tcp);
  core::Checked checked{probe.id, std::nullopt};
  if (!check_passes(target->port, probe.id.text())) checked.failure = "connection refused";
  context_.events.after(machine_.random.between(1, 300),
                        [this, checked, weak = std::weak_ptr<bool>(alive_)] {
                          if (!weak.lock()) return;
                          checked_.push_back(checked);
                          plan_turn(0);
                        });
}

void AgentProgram::add_heartbeat(v1::AgentMessage& message) {
  message.mutable_heartbeat()->set_cpu_percent(
      static_cast<std::uint32_t>(machine_.random.below(101)));
  message.mutable_heartbeat()->set_refuses_work(storage_is_full() ? "disk full"
                                                                  : machine_.refuses_work);
  message.mutable_heartbeat()->set_memory_percent(
      static_cast<std::uint32_t>(machine_.random.below(101)));
}

void AgentProgram::send_to_master(const std::vector<core::AttemptReport>& reports,
                                  const std::vector<AllocationId>& removed) {
  const bool heartbeat = std::exchange(heartbeat_wanted_, false);
  for (const core::AttemptReport& report : reports) {
    context_.oracle.agent_reports(machine_.number, report);
  }
  if (reports.empty() && removed.empty() && !heartbeat) return;
  v1::AgentMessage message;
  if (heartbeat) add_heartbeat(message);
  for (const core::AttemptReport& report : reports) {
    agent::wire::write(report, message.add_attempts());
  }
  for (const AllocationId& id : removed) agent::wire::write(id, message.add_removed());
  master_.send(std::move(message), now().steady_ms);
}

void AgentProgram::dial(std::int64_t steady_ms) {
  hello_wanted_ = false;
  v1::AgentMessage message;
  v1::Hello* hello = message.mutable_hello();
  hello->set_node_id(std::string(machine_.disk.node.raw()));
  hello->set_node_secret(machine_.disk.secret);
  hello->set_boot_id(state_.boot_id);
  hello->set_dialled_ms(steady_ms);
  hello->set_journal_id(state_.journal_id);
  hello->set_highest_epoch(state_.highest_epoch.value);
  hello->set_advertise_ip("10.0.0." + std::to_string(machine_.number));
  hello->set_cpu_count(machine_.cpu_count());
  hello->set_memory_bytes(machine_.memory_bytes());
  v1::Label* zone = hello->add_labels();
  zone->set_key("zone");
  zone->set_value(machine_.zone());
  hello->set_agent_version("sim");
  for (const AllocationId& id : core::held_allocations(state_)) {
    agent::wire::write(id, hello->add_allocations());
  }
  for (const core::AttemptReport& report : core::known_attempts(state_)) {
    agent::wire::write(report, hello->add_attempts());
  }
  add_heartbeat(message);
  master_.dial(std::move(message), steady_ms);
}

void AgentProgram::drop_connections(bool silently) {
  for (const auto& connection : {master_.connection(), supervisor_.connection()}) {
    if (connection) context_.network.drop(*connection, Side::dialler, silently);
  }
}

bool AgentProgram::reads(ConnectionId connection) const {
  return !master_.owns(connection) || master_.reads();
}

void AgentProgram::on_message(ConnectionId connection, const std::string& bytes) {
  if (master_.owns(connection)) {
    master_.on_message(bytes);
  } else if (supervisor_.owns(connection)) {
    supervisor_.on_message(bytes);
  }
  plan_turn(0);
}

void AgentProgram::on_closed(ConnectionId connection, const std::string& reason) {
  if (master_.owns(connection)) {
    master_.on_closed(reason);
  } else if (supervisor_.owns(connection)) {
    supervisor_.on_closed();
  }
  plan_turn(0);
}

void AgentProgram::on_writable(ConnectionId connection) {
  if (master_.owns(connection)) master_.on_writable();
}

}  // namespace drover::sim
