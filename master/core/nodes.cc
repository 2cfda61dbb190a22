#include "master/core/nodes.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "common/check.h"
#include "master/core/instances.h"

namespace drover::core {
namespace {

// The node's entry, if this session is its current one: what an ended session says counts for
// nothing.
NodeEntry* find_current(State& state, const NodeId& node, SessionId session) {
  const auto found = state.nodes.find(node);
  if (found == state.nodes.end() || found->second.session != session) return nullptr;
  return &found->second;
}

void renew_lease(Edit& edit, NodeEntry& entry) {
  entry.lease_ends = edit.now().steady + edit.state().settings.lease;
}

// What the hello says of the node itself, on top of what was known.
Node described_by(const OpenSession& hello, Node node, UnixMs now) {
  node.ip = hello.ip;
  node.labels = hello.labels;
  node.cpu_count = hello.cpu_count;
  node.memory_bytes = hello.memory_bytes;
  node.agent_version = hello.agent_version;
  node.degraded = hello.degraded;
  if (node.boot_id != hello.boot_id) {
    node.boot_id = hello.boot_id;
    ++node.incarnation;
  }
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
  return node;
}

bool same_content(const Node& a, const Node& b) {
  return a.ip == b.ip && a.labels == b.labels && a.online == b.online && a.boot_id == b.boot_id &&
         a.cpu_count == b.cpu_count && a.memory_bytes == b.memory_bytes &&
         a.agent_version == b.agent_version && a.degraded == b.degraded;
}

// Makes the session the node's only one. False: it is not the node that it says it is.
bool admit(Edit& edit, const OpenSession& hello) {
  NodeEntry& entry = edit.state().nodes[hello.node];
  if (!entry.node) {
    edit.put(entry, described_by(hello, first_record(hello), edit.now().unix_ms));
  } else if (entry.node->secret_digest != hello.secret_digest) {
    edit.send(hello.session,
              CloseStream{"the secret is not that of node " + hello.node.text() +
                          "; two nodes must not share a state directory: give this one its own"});
    return false;
  } else {
    Node node = described_by(hello, *entry.node, edit.now().unix_ms);
    if (!same_content(node, *entry.node)) edit.put(entry, std::move(node));
  }
  edit.send(entry, CloseStream{"a new session of the node has begun"});
  entry.session = hello.session;
  entry.lost_at.reset();
  entry.usage = {};
  edit.publish(hello.node, entry.usage);
  renew_lease(edit, entry);
  update_placement(edit.state(), entry);
  return true;
}

void lose(Edit& edit, const AllocationId& id, const char* why) {
  end_remaining_tasks(edit, id, TaskState::lost, {EndKind::lost, 0, why});
  settle(edit, id.instance);
}

// An allocation of this node that the agent does not hold. The agent writes down what it accepts
// before it does anything, so the start has never arrived, unless the machine was restarted since.
void resolve_missing(Edit& edit, NodeEntry& entry, const AllocationId& id) {
  const InstanceEntry& instance = edit.state().instances.at(id.instance);
  const Ptr<Allocation> allocation = instance.allocations.at(id.group);
  if (allocation->node_incarnation != entry.node->incarnation) {
    lose(edit, id, "the node was restarted");
  } else if (instance.instance->stop_requested) {
    end_remaining_tasks(edit, id, TaskState::stopped, {EndKind::never_started, 0, {}});
    settle(edit, id.instance);
  } else if (std::any_of(allocation->tasks.begin(), allocation->tasks.end(),
                         [](const TaskStatus& task) { return task.attempt > 0; })) {
    lose(edit, id, "the agent has no record of it any more");
  } else if (!instance.from) {
    lose(edit, id, "its template could not be read");
  } else {
    edit.send(entry, StartAllocation{allocation, instance.from});
  }
}

// The one place where what the master wants and what a node holds are brought together.
void reconcile(Edit& edit, NodeEntry& entry, const OpenSession& hello) {
  // By value: what ends or is lost leaves the node's set.
  const std::set<AllocationId> wanted = entry.allocations;
  const std::set<AllocationId> held(hello.allocations.begin(), hello.allocations.end());
  std::set<AllocationId> unwanted;
  for (const AllocationId& id : held) {
    if (wanted.count(id) > 0) continue;
    unwanted.insert(id);
    edit.send(entry, RemoveAllocation{id});
  }
  std::vector<AttemptReport> reports = hello.attempts;
  std::erase_if(reports, [&unwanted](const AttemptReport& report) {
    return unwanted.count(report.id.allocation) > 0;
  });
  apply_reports(edit, entry, reports);
  for (const AllocationId& id : wanted) {
    if (entry.allocations.count(id) == 0) continue;
    if (held.count(id) == 0) {
      resolve_missing(edit, entry, id);
    } else if (edit.state().instances.at(id.instance).instance->stop_requested) {
      edit.send(entry, StopAllocation{id});
    }
  }
}

void go_offline(Edit& edit, NodeEntry& entry) {
  Node node = *entry.node;
  node.online = false;
  node.status_since = edit.now().unix_ms;
  edit.put(entry, std::move(node));
  entry.usage = {};
  entry.lost_at = edit.now().steady + edit.state().settings.lost_after;
}

void lose_all(Edit& edit, NodeEntry& entry) {
  const std::set<AllocationId> allocations = entry.allocations;
  for (const AllocationId& id : allocations)
    lose(edit, id, "its node has been offline for too long");
  entry.lost_at.reset();
}

}  // namespace

void update_placement(State& state, const NodeEntry& entry) {
  DROVER_CHECK(entry.session.has_value(), "only a node with a session can be given work");
  state.placement.update(entry.node->id,
                         {entry.usage, entry.node->cpu_count, entry.allocations.size()});
}

void open_session(Edit& edit, const OpenSession& command) {
  if (!admit(edit, command)) return;
  edit.send(command.session, Welcome{});
  reconcile(edit, edit.state().nodes.at(command.node), command);
  place_waiting(edit);
}

void close_session(Edit& edit, const CloseSession& command) {
  NodeEntry* entry = find_current(edit.state(), command.node, command.session);
  if (entry == nullptr) return;
  entry->session.reset();
  edit.state().placement.remove(command.node);
  // A broken connection says nothing about the node: it has until the end of its lease to return.
  if (command.goodbye) go_offline(edit, *entry);
}

void heartbeat(Edit& edit, const Heartbeat& command) {
  NodeEntry* entry = find_current(edit.state(), command.node, command.session);
  if (entry == nullptr) return;
  entry->usage = command.usage;
  renew_lease(edit, *entry);
  update_placement(edit.state(), *entry);
  edit.publish(command.node, command.usage);
}

void report_attempts(Edit& edit, const ReportAttempts& command) {
  NodeEntry* entry = find_current(edit.state(), command.node, command.session);
  if (entry == nullptr) return;
  renew_lease(edit, *entry);
  apply_reports(edit, *entry, command.attempts);
}

void tick(Edit& edit) {
  State& state = edit.state();
  for (const InstanceId& id : std::exchange(state.unsettled, {})) settle(edit, id);
  for (auto& [id, entry] : state.nodes) {
    if (entry.node->online && entry.lease_ends <= edit.now().steady) {
      edit.send(entry, CloseStream{"nothing was heard of the node within its lease"});
      entry.session.reset();
      state.placement.remove(id);
      go_offline(edit, entry);
    } else if (entry.lost_at && *entry.lost_at <= edit.now().steady) {
      lose_all(edit, entry);
    }
  }
  place_waiting(edit);
}

}  // namespace drover::core
