// What the engine does once its store has failed: it serves what is recorded, and decides nothing.
//
// The core's state holds changes that are not on disk, so it is not asked again. Readers go on
// reading the view, where nothing of a failed batch ever arrives. Of commands:
//
//   create, deploy, resume     refused
//   stop                       sent to the nodes, and answered as not recorded
//   hello of a known node      welcomed: it keeps its session and its lease
//   heartbeat                  shown to readers and answered, so that nothing is ended on its node
//   reports                    not recorded; an agent forgets nothing for want of an answer, and
//                              says all of it to the next master
//
// There is no way back but a new start of the master, which reads from the disk what is there.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "common/ids.h"
#include "master/core/command.h"
#include "master/core/outcome.h"
#include "master/core/state.h"
#include "master/engine/sequencer.h"
#include "master/engine/view.h"

namespace drover::engine {

// Engine thread only.
class ReadOnly {
 public:
  // Of `state`, as it is when the store has failed, nothing is taken but the session of each node.
  // View and outbox must outlive this. `reason`: for those who are refused.
  ReadOnly(const core::State& state, View& view, AgentOutbox& outbox, std::string reason);

  // Answers them all and leaves none. The first call is for those whose changes could not be
  // written.
  void serve(std::vector<Submission>& submissions);

 private:
  // Of the copies of an instance that have not ended.
  struct Told {
    std::size_t copies = 0;
    std::size_t reached = 0;  // on a node that was told
  };

  core::Reply answer(const core::CreateTemplate& command);
  core::Reply answer(const core::Stop& command);
  core::Reply answer(const core::OpenSession& command);
  core::Reply answer(const core::CloseSession& command);
  core::Reply answer(const core::Heartbeat& command);
  template <class Other>
  core::Reply answer(const Other&) {
    return refusal();
  }

  core::Reply refusal() const { return {refusal_, reason_}; }
  void tell_to_stop(const core::Allocation& copy, Told& told);

  View& view_;
  AgentOutbox& outbox_;
  const std::string reason_;
  core::ReplyCode refusal_ = core::ReplyCode::store_failed;
  std::unordered_map<NodeId, SessionId> sessions_;
  std::vector<core::MessageToAgent> messages_;  // of the call that is served
};

}  // namespace drover::engine
