// The agent: one thread that waits, gathers inputs, steps the core, and carries the output out.
//
//   master <--> link --.                    .--> 1. epoch on disk
//                       }--> core::step() --+--> 2. journal
//   supervisor port --'       (pure)        +--> 3. requests to the supervisor
//                                           '--> 4. reports to the master
//
// Each turn drains all that has arrived and carries the outputs out together: one write of the
// journal, one to the supervisor, one message to the master.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/io.h"
#include "agent/core/process.h"
#include "agent/core/state.h"
#include "agent/health/prober.h"
#include "agent/link/link.h"
#include "agent/metrics/sampler.h"
#include "agent/metrics/task_sampler.h"
#include "agent/options.h"
#include "agent/output/worker.h"
#include "agent/state/directories.h"
#include "agent/state/identity.h"
#include "agent/state/journal.h"
#include "agent/supervisor_port.h"
#include "common/files.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::agent {

class Agent {
 public:
  // Takes the state directory and reads what it holds. Errors are one line for a person.
  static Result<std::unique_ptr<Agent>> open(const Options& options);

  // Serves until stop(). An error means that the state directory cannot be written to: the agent
  // stops rather than do what it could not remember.
  Status run();

  // Any thread.
  void stop();
  // Has the loop tell the watchdog that it is alive.
  void prove_liveness();

 private:
  // What was read from the state directory.
  struct Opened;
  Agent(const Options& options, Opened opened);
  static Result<Opened> open_state(const Options& options);

  Status recover();
  Status turn();
  void wait();
  void wake();
  void take_link_events(std::vector<core::Input>& inputs, std::int64_t steady_ms);
  Status carry_out(core::Output output);
  void look_at_storage(std::vector<core::Input>& inputs, std::int64_t steady_ms);
  bool storage_is_full() const { return !has_room_ || journal_.is_full(); }
  void send_requests(const std::vector<core::SupervisorRequest>& requests);
  void send_to_master(const std::vector<core::AttemptReport>& reports,
                      const std::vector<AllocationId>& removed);
  void dial(std::int64_t steady_ms);
  void say_ready_once();

  // Constant after construction.
  const Options options_;
  const state::Layout layout_;
  const FileLock lock_;
  const state::Identity identity_;
  const core::Account account_;
  const UniqueFd wakeup_;  // an eventfd
  const bool journal_was_damaged_;

  // Any thread.
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> liveness_wanted_ = false;

  // The agent's thread only.
  std::optional<core::Recovered> recovered_;  // until run()
  core::State state_;
  state::Journal journal_;
  state::Directories directories_;
  metrics::Sampler sampler_;
  metrics::TaskSampler tasks_;
  SupervisorPort supervisor_;
  bool attached_once_ = false;
  bool tried_master_ = false;
  bool said_ready_ = false;
  bool hello_wanted_ = false;
  bool heartbeat_wanted_ = false;
  bool has_room_ = true;
  std::int64_t storage_due_ms_ = 0;  // steady; when the disk is looked at again
  health::Prober prober_;            // its thread calls wake()
  output::Worker output_;
  link::Link link_;  // its thread calls wake(), and output_
};

}  // namespace drover::agent
