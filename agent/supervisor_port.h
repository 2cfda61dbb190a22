// The agent's connection to its supervisor: connects, starts one where none answers, reconnects,
// and turns what it hears into inputs for the core. The agent's thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/io.h"
#include "agent/link/retry.h"
#include "agent/metrics/task_sampler.h"
#include "agent/supervisor/client.h"
#include "common/result.h"

namespace drover::agent {

class SupervisorPort {
 public:
  // `program` is started where no supervisor answers; empty: one is waited for. `tasks` learns
  // which attempts run, and outlives the port.
  SupervisorPort(std::string socket_path, std::string program, metrics::TaskSampler& tasks);

  // What happened: reads what has arrived, and (re)connects when it is time to.
  std::vector<core::Input> take_inputs(std::int64_t steady_ms);

  // Buffered; dropped while not attached, as the core repeats what matters when it attaches.
  void send(const supervisor::Request& request);
  void flush();

  // For poll(2); nothing while there is no connection.
  std::optional<int> fd() const;
  bool wants_write() const { return client_ && client_->wants_write(); }
  // When take_inputs() is due at the latest, in steady ms.
  std::optional<std::int64_t> next_deadline() const;

  // What this node cannot do, as the supervisor said last.
  const std::vector<std::string>& degraded() const { return degraded_; }

 private:
  void connect(std::int64_t steady_ms, std::vector<core::Input>& inputs);
  Result<supervisor::SupervisorClient> connect_or_start();
  void read(std::int64_t steady_ms, std::vector<core::Input>& inputs);
  void attach(const supervisor::Snapshot& snapshot, std::int64_t steady_ms,
              std::vector<core::Input>& inputs);
  core::SupervisorStatus take(const supervisor::Status& message, std::int64_t steady_ms);
  void disconnect(const std::string& cause, std::int64_t steady_ms,
                  std::vector<core::Input>& inputs);
  void tell_if_gone(std::vector<core::Input>& inputs);

  // Constant after construction.
  const std::string socket_path_;
  const std::string program_;

  metrics::TaskSampler& tasks_;
  std::optional<supervisor::SupervisorClient> client_;
  std::int64_t attached_ms_ = 0;
  bool attached_ = false;      // the snapshot has come
  std::string write_failure_;  // why flush() could not send; the connection is over
  std::string process_;        // of the supervisor that was attached last
  bool told_gone_ = true;      // the core knows that it is gone, or never knew it
  std::vector<std::string> degraded_;
  std::string cgroup_;         // the directory with those of the attempts; empty: there are none
  std::int64_t retry_ms_ = 0;  // while there is no connection
  link::Backoff backoff_;
  link::FallingRate complaints_;
};

}  // namespace drover::agent
