#include "master/core/nodes.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "common/planted_bug.h"
#include "master/core/copies.h"
#include "master/core/instances.h"
#include "master/core/losses.h"
#include "master/core/reservations.h"
#include "master/core/systems.h"
#include "master/core/task_requests.h"

namespace drover::core {
namespace {

// The node's entry, if this session is its current one: what an ended session says counts for
// nothing.
NodeEntry* find_current(State& state, const NodeId& node, SessionId session) {
  const auto found = state.nodes.find(node);
  if (found == state.nodes.end()) return nullptr;
  if (found->second.session != session && !planted(PlantedBug::keep_old_session)) return nullptr;
  return &found->second;
}

void renew_lease(Edit& edit, NodeEntry& entry) {
  entry.lease_ends = edit.now().steady + edit.state().settings.lease;
  entry.heard_at = edit.now().unix_ms;
}

// What the hello says of the node itself, on top of what was known.
Node described_by(const OpenSession& hello, Node node, UnixMs now) {
  node.ip = hello.ip;
  node.labels = hello.labels;
  node.cpu_count = hello.cpu_count;
  node.memory_bytes = hello.memory_bytes;
  node.agent_version = hello.agent_version;
  node.degraded = hello.degraded;
  node.attributes = hello.attributes;
  const bool forgot = !node.journal_id.empty() && node.journal_id != hello.journal_id;
  if (node.boot_id != hello.boot_id || forgot) ++node.incarnation;
  node.boot_id = hello.boot_id;
  node.journal_id = hello.journal_id;
  if (!node.online) {
    node.online = true;
    node.status_since = now;
  }
  return node;
}

Node first_record(const OpenSession& hello) {
  Node node;
  node.id = hello.node;
  node.secret_digest = hello.secret_digest;
  node.boot_id = hello.boot_id;
  node.journal_id = hello.journal_id;
  return node;
}

bool same_content(const Node& a, const Node& b) {
  return a.ip == b.ip && a.labels == b.labels && a.online == b.online && a.boot_id == b.boot_id &&
         a.journal_id == b.journal_id && a.cpu_count == b.cpu_count &&
         a.memory_bytes == b.memory_bytes && a.agent_version == b.agent_version &&
         a.degraded == b.degraded && a.attributes == b.attributes;
}

// What it means that the node, which is back, does not hold the copy. An agent writes down what it
// accepts before it does anything, so a start has never arrived, unless the machine was restarted
// or the agent's records were damaged.
Event missing_event(const State& state, const NodeEntry& entry, const AllocationId& id) {
  const Slot& slot = state.instances.at(id.instance).slots.at(id.slot);
  const Allocation& copy =
      slot.allocation->id == id ? *slot.allocation : *slot.allocation->original;
  if (planted(PlantedBug::ignore_incarnation)) return Event::missing;
  return copy.node_incarnation == entry.node->incarnation ? Event::missing
                                                          : Event::missing_forgotten;
}

// It was long on its way, and what it says of the node's copies is no longer so. Where no session
// is open there is nothing that contradicts it.
bool is_outdated(const NodeEntry& entry, const OpenSession& hello) {
  return entry.session && entry.node->boot_id == hello.boot_id && hello.dialled != 0 &&
         hello.dialled < entry.dialled;
}

// Makes the session the node's only one. False: it is not the node that it says it is.
bool admit(Edit& edit, const OpenSession& hello) {
  State& state = edit.state();
  NodeEntry& entry = state.nodes[hello.node];
  const bool was_online = entry.node && entry.node->online;
  // A node without a digest stands for one whose record could not be read.
  if (!entry.node || entry.node->secret_digest.empty()) {
    Node first = first_record(hello);
    // Whether it was restarted since, nobody can know: it may have forgotten all that it had.
    if (entry.node) first.incarnation = entry.node->incarnation + 1;
    edit.put(entry, described_by(hello, std::move(first), edit.now().unix_ms));
  } else if (entry.node->secret_digest != hello.secret_digest &&
             !planted(PlantedBug::skip_secret)) {
    edit.send(hello.session,
              CloseStream{"the secret is not that of node " + hello.node.text() +
                          "; two nodes must not share a state directory: give this one its own"});
    return false;
  } else if (is_outdated(entry, hello)) {
    edit.send(hello.session, CloseStream{"a later hello of this node has come before this one"});
    return false;
  } else {
    Node node = described_by(hello, *entry.node, edit.now().unix_ms);
    if (!same_content(node, *entry.node)) edit.put(entry, std::move(node));
  }
  edit.send(entry, CloseStream{"a new session of the node has begun"});
  entry.session = hello.session;
  entry.dialled = hello.dialled;
  entry.last_heartbeat = hello.heartbeat;
  entry.usage = hello.usage;
  entry.refuses_work = hello.refuses_work;
  forget_leaving(entry);
  renew_lease(edit, entry);
  came_online(state, entry, was_online);
  return true;
}

// The one place where what the master wants and what a node holds are brought together.
void reconcile(Edit& edit, NodeEntry& entry, const OpenSession& hello) {
  std::map<AllocationId, std::vector<AttemptReport>> reports;
  for (const AllocationId& id : hello.allocations) reports[id];
  for (const AttemptReport& report : hello.attempts) {
    const auto held = reports.find(report.id.allocation);
    if (held != reports.end()) held->second.push_back(report);
  }
  // By value: what ends or is lost leaves the node's sets.
  std::set<AllocationId> missing = entry.standbys;
  for (const auto& [id, demand] : entry.allocations) missing.insert(id);
  for (const auto& [id, attempts] : reports) {
    missing.erase(id);
    happen(edit, id, Event::held, &entry, attempts);
    settle(edit, id.instance);
  }
  for (const AllocationId& id : missing) {
    happen(edit, id, missing_event(edit.state(), entry, id), &entry);
    settle(edit, id.instance);
  }
}

}  // namespace

void open_session(Edit& edit, const OpenSession& command) {
  if (!admit(edit, command)) return;
  NodeEntry& entry = edit.state().nodes.at(command.node);
  edit.send(entry, Welcome{});  // and so acknowledges the heartbeat of the hello
  reconcile(edit, entry, command);
  tell_restarts(edit, entry);
  // Not before: what the node holds, and what is leaving it, takes room.
  tell_load(edit, entry);
  line_up_all(edit, entry);
}

void close_session(Edit& edit, const CloseSession& command) {
  NodeEntry* entry = find_current(edit.state(), command.node, command.session);
  if (entry == nullptr) return;
  entry->session.reset();
  forget_leaving(*entry);
  update_placement(edit, *entry);
  // A broken connection says nothing about the node: it has until the end of its lease to return.
  if (command.goodbye) go_offline(edit, *entry);
}

void heartbeat(Edit& edit, const Heartbeat& command) {
  NodeEntry* entry = find_current(edit.state(), command.node, command.session);
  if (entry == nullptr) return;
  entry->usage = command.usage;
  entry->refuses_work = command.refuses_work;
  entry->last_heartbeat = std::max(entry->last_heartbeat, command.sequence);
  renew_lease(edit, *entry);
  tell_load(edit, *entry);
  for (const TaskUse& use : command.tasks) {
    if (entry->allocations.contains(use.attempt.allocation)) edit.publish(use);
  }
  if (entry->exclusive_allocations > 0) edit.send(*entry, Heard{});
}

Reply remove_node(Edit& edit, const RemoveNode& command) {
  State& state = edit.state();
  const auto found = state.nodes.find(command.node);
  if (found == state.nodes.end()) return {ReplyCode::unknown_node};
  NodeEntry& entry = found->second;
  if (entry.node->online || entry.session) return {ReplyCode::node_online};
  if (!entry.allocations.empty() || !entry.standbys.empty()) return {ReplyCode::node_in_use};
  drop_waiting(edit, entry);
  // Whoever removes it says that it is gone for good: nothing waits for it any more.
  state.guard.node_back(command.node);
  state.emptied.erase(command.node);
  if (entry.drain_due) state.drains.erase({*entry.drain_due, command.node});
  if (entry.in_leases) {
    std::erase_if(state.leases, [&](const auto& each) { return each.second == command.node; });
  }
  state.placement.remove(command.node);
  edit.drop(entry);
  return {ReplyCode::ok};
}

void report_attempts(Edit& edit, const ReportAttempts& command) {
  NodeEntry* entry = find_current(edit.state(), command.node, command.session);
  if (entry == nullptr) return;
  renew_lease(edit, *entry);
  apply_reports(edit, *entry, command.attempts);
  if (command.removed.empty()) return;
  for (const AllocationId& id : command.removed) removed(*entry, id);
  tell_load(edit, *entry);
}

}  // namespace drover::core
