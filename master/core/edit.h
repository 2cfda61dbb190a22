// One step's changes in the making. Every change of a record goes through here, so that the state,
// the outcome and the record's index can never disagree.
#pragma once

#include <string>
#include <utility>

#include "master/core/command.h"
#include "master/core/outcome.h"
#include "master/core/state.h"

namespace drover::core {

class Edit {
 public:
  Edit(State& state, const Moment& now, Outcome& outcome)
      : state_(state), now_(now), outcome_(outcome) {}

  State& state() { return state_; }
  const State& state() const { return state_; }
  const Moment& now() const { return now_; }

  // Each takes the record as it shall be from now on.
  void put(Template record);
  void put(InstanceEntry& entry, Instance record);
  void put(InstanceEntry& entry, Allocation record);
  void put(NodeEntry& entry, Node record);
  // The slot is no more. The instance's record is to be put in the same step.
  void drop(InstanceEntry& entry, std::uint32_t slot);
  // The version, an earlier one, is no more.
  void drop_version(const std::string& name, std::uint32_t version);

  // The instance, which has ended, leaves the history.
  void forget(const InstanceId& id, const std::string& template_name);
  // A request with that key has been taken. What it has made is to be put in the same step.
  void use(UsedKey key) { outcome_.changes.used_keys.push_back(std::move(key)); }

  // The node, on which nothing is, is no more. Invalidates its entry.
  void drop(NodeEntry& entry);

  // The instance has ended: out of the hot state, into the history. Invalidates its entry.
  void finish(const InstanceId& id);

  // To the node's session; nothing happens where none is open (a new one is told everything).
  template <class Content>
  void send(const NodeEntry& entry, Content content) {
    if (!entry.session) return;
    outcome_.messages.push_back({*entry.session, std::move(content), entry.last_heartbeat});
  }
  // To a session that is not, or not yet, a node's.
  template <class Content>
  void send(SessionId session, Content content) {
    outcome_.messages.push_back({session, std::move(content), 0});
  }
  void publish(const NodeEntry& entry) {
    outcome_.usages.push_back(
        {entry.node->id, entry.usage, entry.refuses_work, entry.reserved.sum, entry.heard_at});
  }
  void publish(const TaskUse& use) {
    outcome_.measured.push_back({use.attempt, use.used, now_.unix_ms});
  }
  void publish(const ClusterStatus& status) { outcome_.cluster = status; }

 private:
  State& state_;
  const Moment& now_;
  Outcome& outcome_;
};

}  // namespace drover::core
