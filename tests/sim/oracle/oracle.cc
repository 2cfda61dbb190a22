#include "tests/sim/oracle/oracle.h"

#include <algorithm>
#include <utility>

#include "tests/sim/oracle/describe.h"
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {

void Invariant::broken(const std::string& what, Subjects subjects) {
  watch_.context.oracle.broken(number_, what, std::move(subjects));
}

void Oracle::watch(Context& context) {
  context_ = &context;
  invariants_ = all_invariants({context, truth_});
}

void Oracle::broken(int invariant, const std::string& what, Subjects subjects) {
  if (violation_) return;
  context_->trace.note("oracle", "invariant " + std::to_string(invariant) + ": " + what, subjects);
  violation_ = Violation{invariant, what, std::move(subjects), context_->events.now()};
}

void Oracle::process_began(const ProcessBegan& fact) {
  RealAttempt& attempt = truth_.attempts[fact.id];
  attempt.id = fact.id;
  attempt.machine = fact.machine;
  ++attempt.starts;
  attempt.began = context_->events.now();
  attempt.ended.reset();
  context_->trace.note("n" + std::to_string(fact.machine),
                       "process of " + context_->trace.name(fact.id) + " begins",
                       {context_->trace.name(fact.id.allocation.instance)});
  ask(&Invariant::process_began, fact);
}

void Oracle::process_ended(const ProcessEnded& fact) {
  RealAttempt& attempt = truth_.attempts[fact.id];
  attempt.ended = context_->events.now();
  attempt.end = fact.end;
  const bool by_signal = fact.end.kind == RealEnd::Kind::signalled;
  context_->trace.note("n" + std::to_string(fact.machine),
                       "process of " + context_->trace.name(fact.id) + " ends, " +
                           (by_signal ? "signal " : "code ") + std::to_string(fact.end.code),
                       {context_->trace.name(fact.id.allocation.instance)});
  ask(&Invariant::process_ended, fact);
}

void Oracle::process_not_spawned(const ProcessEnded& fact) {
  RealAttempt& attempt = truth_.attempts[fact.id];
  attempt.id = fact.id;
  attempt.machine = fact.machine;
  attempt.ended = context_->events.now();
  attempt.end = fact.end;
  context_->trace.note(
      "n" + std::to_string(fact.machine),
      "no process of " + context_->trace.name(fact.id) + ", errno " + std::to_string(fact.end.code),
      {context_->trace.name(fact.id.allocation.instance)});
  ask(&Invariant::process_not_spawned, fact);
}

void Oracle::trouble(std::uint32_t machine, Trouble trouble, bool is_there) {
  truth_.nodes[machine].set(trouble, is_there, context_->events.now());
  if (trouble == Trouble::supervisor_frozen && is_there) {
    truth_.frozen_supervisors.insert(machine);
  }
}

void Oracle::agent_starts(std::uint32_t machine, const agent::core::Recovered& recovered) {
  ask(&Invariant::agent_starts, machine, recovered);
}

void Oracle::agent_stepped(std::uint32_t machine, const agent::core::Input& input,
                           const agent::core::Output& output) {
  ask(&Invariant::agent_stepped, machine, input, output);
}

void Oracle::agent_failed(std::uint32_t machine) { ask(&Invariant::agent_failed, machine); }

void Oracle::agent_reports(std::uint32_t machine, const agent::core::AttemptReport& report) {
  ask(&Invariant::agent_reports, machine, report);
}

void Oracle::agent_asks(std::uint32_t machine, const agent::core::SupervisorRequest& request) {
  Described what = describe(request, context_->trace);
  if (!what.text.empty()) {
    context_->trace.note("n" + std::to_string(machine), "asks to " + what.text,
                         std::move(what.subjects));
  }
  ask(&Invariant::agent_asks, machine, request);
}

void Oracle::master_starts(const MasterStart& start) {
  truth_.master.set(Trouble::off, false, context_->events.now());
  commit_up_to(start.loaded.last_index);
  written_.clear();
  Records& records = truth_.records;
  records.instances.clear();
  records.allocations.clear();
  records.nodes.clear();
  core::Changes found;
  found.instances = start.loaded.records.instances;
  found.allocations = start.loaded.records.allocations;
  found.nodes = start.loaded.records.nodes;
  records.apply(found);
  ask(&Invariant::master_starts, start);
}

void Oracle::master_ended() { truth_.master.set(Trouble::off, true, context_->events.now()); }

void Oracle::master_troubled(Trouble trouble, bool is_there) {
  if (trouble == Trouble::disk) truth_.read_only = is_there;
  truth_.master.set(trouble, is_there, context_->events.now());
}

void Oracle::master_clock_set(std::int64_t unix_ms) { ask(&Invariant::clock_set, unix_ms); }

void Oracle::written(const core::Changes& changes, Index index) {
  written_.push_back({index, context_->events.now(), changes});
  ask(&Invariant::written, index);
}

void Oracle::synced(Index index) {
  ask(&Invariant::synced, index);
  commit_up_to(index);
}

void Oracle::commit_up_to(Index index) {
  for (Written& batch : std::exchange(written_, {})) {
    if (batch.index <= index) {
      truth_.written_at = batch.when;
      ask(&Invariant::committed, batch.changes);
      truth_.records.apply(batch.changes);
      ask(&Invariant::recorded, batch.changes);
      for (const auto& instance : batch.changes.instances) {
        const bool is_known = truth_.instances.contains(instance->id);
        // What is made by a schedule needs nobody to hear of it.
        if (instance->scheduled_for && !is_known) deployed(instance->id, instance->template_name);
      }
    } else {
      written_.push_back(std::move(batch));
    }
  }
}

void Oracle::told_agents(const std::vector<core::MessageToAgent>& messages, Index last_index) {
  ask(&Invariant::told_agents, messages, last_index);
}

void Oracle::sent_to_agent(const NodeId& node, const v1::MasterMessage& message) {
  const auto machine = truth_.machine_of.find(node);
  if (machine == truth_.machine_of.end()) return;
  Described what = describe(message, context_->trace);
  if (!what.text.empty()) {
    what.subjects.push_back("n" + std::to_string(machine->second));
    context_->trace.note("master", "to n" + std::to_string(machine->second) + ": " + what.text,
                         std::move(what.subjects));
  }
  ask(&Invariant::sent_to_agent, machine->second, message);
}

void Oracle::answered(Index last_index) { ask(&Invariant::answered, last_index); }

void Oracle::created(const std::string& name, const core::TemplateSpec& spec) {
  core::TemplateSpec meant = spec;
  for (core::GroupSpec& group : meant.groups) {
    if (spec.is_kept_running() && !group.reschedule) {
      group.reschedule = RestartPolicy::always;
    }
  }
  truth_.templates.emplace(name, std::move(meant));
  ask(&Invariant::created, name);
}

void Oracle::deployed(const InstanceId& id, const std::string& template_name) {
  truth_.instances[id] = {template_name, context_->events.now(), std::nullopt};
  ask(&Invariant::deployed, id);
}

void Oracle::stopped(const InstanceId& id) {
  auto& stopped = truth_.instances[id].stopped;
  if (!stopped) stopped = context_->events.now();
  ask(&Invariant::stopped, id);
}

void Oracle::know_machine(std::uint32_t machine, const NodeId& node) {
  truth_.machine_of[node] = machine;
  truth_.nodes[machine].set(Trouble::no_supervisor, true, context_->events.now());
}

void Oracle::keyed(const std::string& key, const InstanceId& id) {
  ask(&Invariant::keyed, key, id);
}

void Oracle::excuse(const InstanceId& id) { truth_.excused_instances.insert(id); }

void Oracle::excuse(const std::string& template_name) {
  for (const auto& [id, record] : truth_.instances) {
    if (record.template_name == template_name) excuse(id);
  }
  truth_.templates.erase(template_name);
}

void Oracle::journal_damaged(std::uint32_t machine) { truth_.damaged_journals.insert(machine); }

void Oracle::resumed() {
  context_->trace.note("operator", "resumes replacements");
  ask(&Invariant::resumed);
}

void Oracle::cloned(std::uint32_t machine) { truth_.cloned.insert(machine); }

void Oracle::restored(const std::function<bool(const InstanceId&)>& is_there,
                      const std::function<bool(const std::string&)>& has_template,
                      const InstanceId& next) {
  // What the copy does not know is lost by the operator's doing, and what ended since is open
  // again.
  truth_.excused_before = next;
  std::erase_if(truth_.instances, [&](const auto& each) { return !is_there(each.first); });
  std::erase_if(truth_.templates, [&](const auto& each) { return !has_template(each.first); });
  for (auto& [id, record] : truth_.instances) record.stopped.reset();
  written_.clear();
  ask(&Invariant::restored);
}

}  // namespace drover::sim
