#include "agent/agent.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "agent/core/step.h"
#include "agent/metrics/attributes.h"
#include "agent/requests.h"
#include "agent/state/room.h"
#include "agent/wire/convert.h"
#include "common/check.h"
#include "common/clock.h"
#include "common/limits.h"
#include "common/log.h"
#include "common/service.h"

namespace drover::agent {
namespace {

core::Moment now() { return {steady_now().count(), unix_now_ms()}; }

void write_log(const core::Note& note) {
  const auto write = note.warning ? log::warning : log::info;
  const auto field = [&note](std::size_t place) {
    return log::Field(note.fields[place].first, note.fields[place].second);
  };
  // The log takes lists whose length is known to the compiler.
  switch (note.fields.size()) {
    case 0:
      return write(note.event, {});
    case 1:
      return write(note.event, {field(0)});
    default:
      return write(note.event, {field(0), field(1)});
  }
}

void write(v1::Heartbeat* message, const metrics::Usage& usage, bool disk_is_full) {
  message->set_cpu_percent(usage.cpu_percent);
  message->set_memory_percent(usage.memory_percent);
  if (disk_is_full) message->set_refuses_work("disk full");
}

}  // namespace

Status Agent::run() {
  if (auto recovered = recover(); !recovered) return recovered;
  while (!stopping_) {
    if (auto done = turn(); !done) return done;
    wait();
    if (liveness_wanted_.exchange(false)) notify_watchdog();
  }
  link_.say_goodbye();
  log::info("tasks left running", {{"count", core::running_attempts(state_)}});
  return Done{};
}

void Agent::stop() {
  stopping_ = true;
  wake();
}

void Agent::prove_liveness() {
  liveness_wanted_ = true;
  wake();
}

void Agent::wake() {
  const std::uint64_t one = 1;
  // It can only fail when the counter is full, and then the loop is woken anyway.
  [[maybe_unused]] const ssize_t written = ::write(wakeup_.get(), &one, sizeof one);
}

Status Agent::recover() {
  DROVER_CHECK(recovered_, "run() is called once");
  core::Output output = core::step(state_, *std::exchange(recovered_, std::nullopt), now());
  // The old file may end in an unfinished record, so a new one takes its place; it holds what the
  // step has recorded, too.
  if (auto begun = journal_.begin(core::journal_of(state_), output.journal); !begun) return begun;
  output.journal.clear();
  const auto held = core::held_allocations(state_);
  if (auto opened = directories_.open({held.begin(), held.end()}); !opened) return opened;
  return carry_out(std::move(output));
}

Status Agent::turn() {
  const core::Moment moment = now();
  std::vector<core::Input> inputs = supervisor_.take_inputs(moment.steady_ms);
  look_at_storage(inputs, moment.steady_ms);
  tasks_.sample(moment.steady_ms);
  take_link_events(inputs, moment.steady_ms);
  for (core::Checked& checked : prober_.take()) inputs.emplace_back(std::move(checked));
  const auto deadline = core::next_deadline(state_);
  if (deadline && *deadline <= moment.steady_ms) inputs.emplace_back(core::Tick{});

  core::Output output;
  for (const core::Input& input : inputs) output.add(core::step(state_, input, moment));
  attached_once_ = attached_once_ || state_.supervisor.has_value();
  if (auto done = carry_out(std::move(output)); !done) return done;

  if (hello_wanted_ && attached_once_ && state_.strangers.empty()) dial(moment.steady_ms);
  say_ready_once();
  return Done{};
}

void Agent::wait() {
  std::optional<std::int64_t> earliest;
  for (const auto& deadline : {core::next_deadline(state_), supervisor_.next_deadline(),
                               tasks_.next_deadline(), link_.next_deadline()}) {
    if (deadline) earliest = std::min(*deadline, earliest.value_or(*deadline));
  }
  if (storage_is_full()) earliest = std::min(storage_due_ms_, earliest.value_or(storage_due_ms_));
  int timeout_ms = -1;
  if (earliest) {
    timeout_ms = static_cast<int>(std::clamp<std::int64_t>(*earliest - steady_now().count(), 0,
                                                           std::numeric_limits<int>::max()));
  }
  pollfd fds[2] = {{wakeup_.get(), POLLIN, 0}, {-1, POLLIN, 0}};
  if (const auto fd = supervisor_.fd()) {
    fds[1].fd = *fd;
    if (supervisor_.wants_write()) fds[1].events |= POLLOUT;
  }
  if (::poll(fds, 2, timeout_ms) <= 0) return;
  if (fds[0].revents != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wakeup_.get(), &count, sizeof count);
  }
  if ((fds[1].revents & POLLOUT) != 0) supervisor_.flush();
}

// The master is told of a change at once.
void Agent::look_at_storage(std::vector<core::Input>& inputs, std::int64_t steady_ms) {
  if (steady_ms >= storage_due_ms_) {
    has_room_ = state::has_room(layout_.root, has_room_);
    if (journal_.is_full()) journal_.make_reserve();
    const std::chrono::milliseconds interval = limits::kStorageInterval;
    storage_due_ms_ = steady_ms + interval.count();
  }
  if (storage_is_full() == state_.storage_full) return;
  inputs.emplace_back(core::Storage{storage_is_full()});
  heartbeat_wanted_ = true;
}

void Agent::take_link_events(std::vector<core::Input>& inputs, std::int64_t steady_ms) {
  for (link::Event& event : link_.take_events(steady_ms)) {
    if (std::holds_alternative<link::DialDue>(event)) {
      hello_wanted_ = true;
    } else if (std::holds_alternative<link::HeartbeatDue>(event)) {
      heartbeat_wanted_ = true;
    } else if (const auto* opened = std::get_if<link::Opened>(&event)) {
      tried_master_ = true;
      tasks_.tell_all_anew();
      inputs.emplace_back(core::SessionOpened{Epoch{opened->epoch}, SessionId{opened->session}});
    } else if (const auto* closed = std::get_if<link::Closed>(&event)) {
      tried_master_ = true;
      heartbeat_wanted_ = false;
      if (closed->was_open) inputs.emplace_back(core::MasterLost{});
    } else if (const auto* renewed = std::get_if<link::LeaseRenewed>(&event)) {
      inputs.emplace_back(core::LeaseRenewed{Epoch{renewed->epoch}, SessionId{renewed->session},
                                             renewed->until_ms});
    } else if (auto* received = std::get_if<link::Received>(&event)) {
      wire::Commands commands = wire::commands(received->message);
      if (commands.malformed > 0) {
        log::warning("malformed commands ignored; is the master of another version?",
                     {{"count", commands.malformed}});
      }
      inputs.emplace_back(std::move(commands.input));
    }
  }
}

Status Agent::carry_out(core::Output output) {
  if (output.epoch) {
    if (auto saved = state::save_epoch(layout_, *output.epoch); !saved) return saved;
  }
  if (auto written = journal_.append(output.journal); !written) return written;
  send_requests(output.requests);
  for (const core::Probe& probe : output.probes) prober_.begin(probe);
  send_to_master(output.reports, output.removed);
  for (const AllocationId& id : output.forgotten) directories_.retire(id);
  for (const AttemptId& id : output.dropped) directories_.drop_output(id);
  for (const core::Note& note : output.notes) write_log(note);
  if (journal_.wants_rewrite()) return journal_.rewrite(core::journal_of(state_));
  return Done{};
}

void Agent::send_requests(const std::vector<core::SupervisorRequest>& requests) {
  if (requests.empty()) return;
  const AllocationId* made = nullptr;
  for (const core::SupervisorRequest& request : requests) {
    if (const auto* spawn = std::get_if<core::SpawnAttempt>(&request)) {
      const AllocationId& id = spawn->id.allocation;
      if (made == nullptr || *made != id) {
        // Without its directory the attempt fails by itself, at the step "chdir".
        const bool for_users = spawn->spec->tasks[spawn->id.task].user.has_value();
        if (auto done = directories_.make_work(id, for_users); !done) {
          log::warning("no working directory", {{"cause", done.error().message}});
        }
        made = &id;
      }
    }
    supervisor_.send(to_message(request, layout_, account_));
  }
  supervisor_.flush();
}

void Agent::send_to_master(const std::vector<core::AttemptReport>& reports,
                           const std::vector<AllocationId>& removed) {
  const bool heartbeat = std::exchange(heartbeat_wanted_, false);
  if (reports.empty() && removed.empty() && !heartbeat) return;
  const std::int64_t steady_ms = steady_now().count();
  v1::AgentMessage message;
  if (heartbeat) {
    write(message.mutable_heartbeat(), sampler_.sample(steady_ms), storage_is_full());
    for (const metrics::TaskUse& use : tasks_.take(limits::kTaskUsesPerHeartbeat)) {
      wire::write(use.attempt, use.used, message.mutable_heartbeat()->add_tasks());
    }
  }
  for (const core::AttemptReport& report : reports) wire::write(report, message.add_attempts());
  for (const AllocationId& id : removed) wire::write(id, message.add_removed());
  link_.send(std::move(message), steady_ms);
}

void Agent::dial(std::int64_t steady_ms) {
  hello_wanted_ = false;
  v1::AgentMessage message;
  v1::Hello* hello = message.mutable_hello();
  hello->set_node_id(std::string(identity_.node.raw()));
  hello->set_node_secret(identity_.secret);
  hello->set_boot_id(state_.boot_id);
  hello->set_journal_id(state_.journal_id);
  hello->set_dialled_ms(steady_ms);
  hello->set_highest_epoch(state_.highest_epoch.value);
  hello->set_advertise_ip(options_.advertise_ip);
  for (const auto& [key, value] : options_.labels) {
    v1::Label* label = hello->add_labels();
    label->set_key(key);
    label->set_value(value);
  }
  const auto attributes = metrics::node_attributes();
  hello->mutable_attributes()->insert(attributes.begin(), attributes.end());
  const metrics::Capacity capacity = sampler_.capacity();
  hello->set_cpu_count(capacity.cpu_count);
  hello->set_memory_bytes(capacity.memory_bytes);
  hello->set_agent_version(DROVER_VERSION);
  for (const std::string& feature : supervisor_.degraded()) hello->add_degraded(feature);
  if (journal_was_damaged_) hello->add_degraded("journal_damaged");
  for (const AllocationId& id : core::held_allocations(state_)) {
    wire::write(id, hello->add_allocations());
  }
  for (const core::AttemptReport& report : core::known_attempts(state_)) {
    wire::write(report, hello->add_attempts());
  }
  write(message.mutable_heartbeat(), sampler_.sample(steady_ms), storage_is_full());
  link_.dial(std::move(message), steady_ms);
}

void Agent::say_ready_once() {
  if (said_ready_ || !attached_once_ || !tried_master_) return;
  said_ready_ = true;
  log::info("ready", {{"node", identity_.node.text()},
                      {"state_dir", layout_.root},
                      {"allocations", state_.allocations.size()}});
  notify_ready();
}

}  // namespace drover::agent
