// 11: no more than a set share of the nodes is given up a minute, nothing is given up while many
// have gone silent at once, and no node is called offline
// that has been well, and within reach of a master that was well, for longer than it takes to be
// heard.
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "common/limits.h"
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

constexpr Time kWindow = 59'000;         // a minute by any machine's clock
constexpr Time kTimeToBeHeard = 15'000;  // connections that are dead have to be noticed
constexpr Time kTimeToResume = 10'000;   // a slow disk's, too
constexpr std::string_view kGivenUp = "its node has been offline for too long";

class NodeLosses final : public Invariant {
 public:
  explicit NodeLosses(Watch watch) : Invariant(watch, 11) {}

  // It remembers nothing of the last minute.
  void master_starts(const MasterStart&) override {
    lost_.clear();
    times_.clear();
    silent_.clear();
    many_silent_ = false;
  }

  // Asked for, or done: in between nobody here knows which of the two a record came after.
  void resumed() override {
    silent_.clear();
    many_silent_ = false;
    resumed_ = now();
  }

  void committed(const core::Changes& changes) override {
    for (const auto& record : changes.nodes) look_at(*record);
    for (const AllocationId& id : changes.dropped) look_at_dropped(id, changes);
    for (const auto& record : changes.allocations) look_at(*record);
    for (const auto& ended : changes.finished) {
      for (const auto& record : ended.allocations) look_at(*record);
    }
  }

 private:
  void look_at(const core::Node& node) {
    if (node.online) lost_.erase(node.id);
    const auto before = truth().records.nodes.find(node.id);
    const bool is_known = before != truth().records.nodes.end();
    const bool was_online = is_known && before->second->online;
    // A record may say something else of it that is new.
    if (!is_known || was_online != node.online) note_silence(node);
    const auto machine = truth().machine_of.find(node.id);
    if (node.online || !was_online || machine == truth().machine_of.end()) return;
    const std::chrono::milliseconds lease = limits::kLease;
    // A master that was away, or stood still, has to blame itself.
    const auto well = truth().nodes.at(machine->second).calm_since();
    const auto fit = truth().master.free_of({Trouble::replaced, Trouble::slow});
    if (!well || !fit) return;
    const Time calm = std::max(*well, *fit);
    if (calm + lease.count() + kTimeToBeHeard > truth().written_at) return;
    const std::string machine_name = "n" + std::to_string(machine->second);
    broken(machine_name + " is called offline, and has been well since " +
               std::to_string(calm / 1000) + " s",
           {machine_name, "master"});
  }

  // More than a third of the nodes, and at least three, within a lease. With the first that returns
  // the master may think better of it.
  void note_silence(const core::Node& node) {
    if (node.online) {
      silent_.clear();
      many_silent_ = false;
      return;
    }
    silent_.emplace(node.id, truth().written_at);
    const std::chrono::milliseconds lease = limits::kLease;
    std::size_t together = 0;
    for (const auto& [id, since] : silent_) {
      if (since + lease.count() * 9 / 10 > truth().written_at) ++together;
    }
    many_silent_ =
        many_silent_ || (together >= limits::kMassLossNodes &&
                         together * limits::kMassLossDivisor > truth().records.nodes.size());
  }

  void look_at(const core::Allocation& record) {
    const AllocationId& id = record.id;
    if (record.original && record.original->node) {
      given_up(record.original->id, *record.original->node);
    }
    if (!record.former.empty() && record.former.back().end.detail == kGivenUp) {
      const core::FormerCopy& former = record.former.back();
      given_up({id.instance, former.slot.value_or(id.slot), former.generation}, former.node);
    }
    const bool lost = std::any_of(record.tasks.begin(), record.tasks.end(),
                                  [](const auto& task) { return task.end.detail == kGivenUp; });
    if (lost && record.node) given_up(id, *record.node);
  }

  // What is wanted nowhere else leaves no record behind.
  void look_at_dropped(const AllocationId& id, const core::Changes& changes) {
    const core::Allocation* copy = truth().records.present(id);
    for (const auto& record : changes.allocations) {
      if (record->id == id) copy = record.get();
    }
    if (copy == nullptr || copy->id != id || !copy->node || !core::is_unknown(*copy)) return;
    if (!is_online(*copy->node, changes)) given_up(id, *copy->node);
  }

  bool is_online(const NodeId& id, const core::Changes& changes) const {
    const auto before = truth().records.nodes.find(id);
    bool online = before != truth().records.nodes.end() && before->second->online;
    for (const auto& record : changes.nodes) {
      if (record->id == id) online = record->online;
    }
    return online;
  }

  // The first time that it is said of this copy.
  void given_up(const AllocationId& copy, const NodeId& node) {
    if (!seen_.insert({copy, node}).second) return;
    if (many_silent_ && (!resumed_ || *resumed_ + kTimeToResume < now())) {
      std::string silent;
      for (const auto& [id, since] : silent_) {
        const auto machine = truth().machine_of.find(id);
        if (machine == truth().machine_of.end()) continue;
        silent += " n" + std::to_string(machine->second) + " at " + std::to_string(since);
      }
      broken(name(copy) + " is given up although many nodes have gone silent at once:" + silent,
             {name(copy.instance), "master"});
    }
    if (!lost_.insert(node).second) return;
    while (!times_.empty() && times_.front() + kWindow < truth().written_at) times_.pop_front();
    times_.push_back(truth().written_at);
    const std::size_t most =
        std::max(limits::kMassLossNodes, truth().records.nodes.size() / limits::kMassLossDivisor);
    if (times_.size() <= most) return;
    broken(std::to_string(times_.size()) + " nodes are given up within a minute", {"master"});
  }

  std::set<std::pair<AllocationId, NodeId>> seen_;
  std::set<NodeId> lost_;  // since they were online last
  std::deque<Time> times_;
  std::map<NodeId, Time> silent_;
  bool many_silent_ = false;
  std::optional<Time> resumed_;
};

}  // namespace

std::unique_ptr<Invariant> node_losses(Watch watch) { return std::make_unique<NodeLosses>(watch); }

}  // namespace drover::sim
