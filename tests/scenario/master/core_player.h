// Plays scenario commands on the master's core.
//
// Commands (names such as i1 and n1 are made up by the scenario):
//   template NAME GROUPS [reschedule=never|on_failure|always] [exclusive] [keep_original]
//   [lost_after=5s]
//        [count=3] [kind=service] [parameters=a,b] [cpu=2] [memory=1GiB] [where=zone:a]
//        [prefer=disk:ssd:50] [spread=zone] [pack=zone] [priority=80] [gang] [update=2:20s]
//                                 GROUPS: tasks of each group, "1" or "2,1"
//   deploy NAME as=i1 [with=a:1,b:2]
//   try NAME                      where its copies would go
//   put NAME GROUPS ...            another version of the template
//   update i1 [version=2]         scale i1 count=3 [group=NAME]
//   drain n1 [deadline=1h]        undrain n1                    forget n1
//   stop i1                       remove NAME [force=yes]
//   again i1 [group=0] [index=0] [task=task1]
//   signal i1 SIGHUP [the same]
//   open n1 session=1 [boot=b1] [journal=j1] [dialled=5] [secret=s] [cpus=4] [memory=8GiB]
//   [labels=zone:a,disk:ssd]
//        [holds=i1.0,i2.0]
//        [attempts=i1.0.0:running,...] [heartbeat=1] [refuses=REASON]
//   close n1 session=1 [goodbye]
//   heartbeat n1 session=1 cpu=50 memory=30 [sequence=2] [refuses=REASON]
//   report n1 session=1 attempts=i1.0.0:running,i1.0.1:exit:0 [removed=i1.0]
//   advance 10s                   moves the clock, with all its ticks
//   freeze 10s                    moves the clock, then ticks once
//   resume                        the operator says that silent nodes are lost
//   restart                       forgets all but what is durable
//   show                          instances, nodes, what waits
//
// An attempt is INSTANCE.SLOT.TASK:END with END one of running, exit:N, signal:N, spawn:ERRNO,
// lost, never, not-taken:WHY; with "!" behind it, it ended because it was asked to; with "~", as
// the lease of its node had run out; with "+", its node begins another attempt after it. TASK is
// "0@2" for the second attempt of a task. "i1.0#2" is the second copy in slot 0 of i1.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "master/core/command.h"
#include "master/core/outcome.h"
#include "master/core/state.h"
#include "tests/support/scenario.h"

namespace drover::test {

// What the wall clock shows when the monotonic one shows 0; "at" counts from there.
inline constexpr core::UnixMs kWallClock = 1'700'000'000'000;

class CorePlayer {
 public:
  // Carries out one command; returns the reply, the changed records and the messages as lines.
  std::string play(const std::string& line);

 private:
  // What a store would hold.
  struct Durable {
    std::map<std::string, core::Ptr<core::Template>> templates;
    std::map<InstanceId, core::Ptr<core::Instance>> instances;
    std::map<AllocationId, core::Ptr<core::Allocation>> allocations;  // whatever the generation
    std::map<NodeId, core::Ptr<core::Node>> nodes;
    std::map<InstanceId, core::FinishedInstance> history;
  };

  std::string step(const core::Command& command, bool show_reply);
  std::string advance(std::chrono::milliseconds duration);
  std::string restart();
  std::string show() const;
  void make_durable(const core::Changes& changes);
  core::Moment now() const;

  core::Command create_template(const Words& words);
  core::Command open_session(const Words& words);

  InstanceId instance(const std::string& name);
  NodeId node(const std::string& name);
  AllocationId allocation(const std::string& name);
  std::vector<core::AttemptReport> attempts(const std::string& text);
  std::string name_of(const InstanceId& id) const;
  std::string name_of(const NodeId& id) const;
  std::string name_of(const AllocationId& id) const;
  std::string name_of(const AttemptId& id) const;
  std::string describe(const core::PlacementPlan& plan) const;
  std::string describe(const core::Allocation& allocation) const;
  std::string describe(const core::Changes& changes) const;
  std::string describe(const core::MessageToAgent& message) const;

  Durable durable_;
  std::chrono::milliseconds clock_{1'000'000};
  core::State state_ = core::rebuild({}, {}, clock_);
  std::uint64_t index_ = 0;
  bool suspects_ = false;  // as was told last
  std::map<InstanceId, std::string> instance_names_;
  std::map<NodeId, std::string> node_names_;
};

}  // namespace drover::test
