// One step of the core while it is being taken. Private to agent/core.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "agent/core/io.h"
#include "agent/core/state.h"

namespace drover::agent::core {

class Machine {
 public:
  Machine(State& state, Moment now) : state_(state), now_(now) {}

  // The inputs: master.cc, lease.cc, machine.cc.
  void on(const Recovered& input);
  void on(const SessionOpened& input);
  void on(const MasterCommands& input);
  void on(const LeaseRenewed& input);
  void on(const MasterLost& input);
  void on(const SupervisorAttached& input);
  void on(const SupervisorDetached& input);
  void on(const SupervisorGone& input);
  void on(const SupervisorStatus& input);
  void on(const Storage& input);
  void on(const Checked& input);
  void on(const Tick& input);

  // Last in each step: what its events mean for the other tasks of their groups (order.cc).
  void settle_groups();

  Output take_output() { return std::move(output_); }

 private:
  // Whether to listen to the master. What is not of the present is noted, and nothing else.
  bool accept_epoch(Epoch epoch);
  bool is_present(SessionId session) const;
  bool accept_message(const MasterCommands& message);

  // The master's commands.
  void obey(const StartAllocation& command);
  void begin(const AllocationId& id);
  void refuse(const AllocationSpec& spec, std::string why);
  void obey(const StopAllocation& command);
  void obey(const RemoveAllocation& command);
  void obey(const RestartAttempt& command);
  void obey(const SendSignal& command);

  // The lease (lease.cc).
  bool has_lease() const { return state_.lease_end && now_.steady_ms < *state_.lease_end; }
  void look_at_lease();
  void fence(const AllocationId& id);
  void tell_fence();

  const TaskSpec& task_of(const AttemptId& id) const {
    return state_.allocation(id.allocation)->spec->tasks[id.task];
  }

  // What happens to one attempt. Each is a column of the table in README.md.
  void request_spawn(const AttemptId& id, Attempt& attempt);
  void began(const AttemptId& id, Attempt& attempt, const SupervisorStatus& status);
  void ended(const AttemptId& id, Attempt& attempt, const SupervisorStatus& status);
  void stop(const AttemptId& id, Attempt& attempt, std::int64_t since_ms);
  void kill(const AttemptId& id, Attempt& attempt);
  void missing(const AttemptId& id, Attempt& attempt);   // an attached supervisor does not know it
  void withhold(const AttemptId& id, Attempt& attempt);  // exclusive, and there is no lease
  void lose(const AttemptId& id, Attempt& attempt, std::string_view why);

  // What the agent ends of its own accord (endings.cc).
  void begin_timeout(const AttemptId& id, Attempt& attempt, std::int64_t started_steady_ms);
  void look_at_timeouts();
  void end_for(const AttemptId& id, Attempt& attempt, EndReason reason);

  // Whether what runs is well (checks.cc).
  void begin_checks(const AttemptId& id, Attempt& attempt, std::int64_t started_steady_ms);
  void end_checks(const AttemptId& id, Attempt& attempt);
  void look_at_checks();
  void begin_check(const AttemptId& id, Attempt& attempt);
  Attempt* awaiting(const CheckId& id);  // whose check that is; null: nobody waits for it
  void skip_check(const AttemptId& id, Attempt& attempt);
  void check_process(const CheckId& id, const SupervisorStatus& status);
  void checks_after_attach(const std::set<std::string>& known);
  void checked(const AttemptId& id, Attempt& attempt, std::optional<std::string> failure);
  void judge(const AttemptId& id, Attempt& attempt, Health health);

  // The attempts after the first (restarts.cc).
  bool is_followed(const AttemptId& id, const End& end) const;
  std::optional<NextAttempt> next_after(const AttemptId& id, const End& end,
                                        std::int64_t started_steady_ms) const;
  void note_restart(const AttemptId& ended, const NextAttempt& next);
  void look_at_restarts();
  bool begin_later(const AttemptId& id, Attempt& attempt);
  void drop(const AttemptId& earlier);
  void forbid_restarts(const Allocation& allocation);

  // The order within a group (order.cc).
  void settle(const AllocationId& id);
  void end_group(Allocation& allocation);
  bool begin_or_end_waiting(const AllocationId& id);
  void end_waiting(const AttemptId& id, Attempt& attempt, std::uint32_t failed_task);
  void disturb_all();
  NeverStarted not_begun(const Allocation& allocation) const;

  // What is known of an end beside its cause.
  struct EndFacts {
    bool fenced = false;
    bool out_of_memory = false;
    std::uint64_t output_dropped_bytes = 0;
    bool signalled = true;
    std::int64_t started_steady_ms = 0;  // 0: nobody says
    ResourceUse used = {};
  };
  EndReason reason_of(const AttemptId& id, const Attempt& attempt, const EndCause& cause,
                      const EndFacts& facts) const;
  // `attempt` may be no more after it.
  void finish(const AttemptId& id, Attempt& attempt, std::int64_t unix_ms, EndCause cause,
              const EndFacts& facts);
  void finish(const AttemptId& id, Attempt& attempt, EndCause cause) {
    finish(id, attempt, now_.unix_ms, std::move(cause), {});
  }
  void repeat_wish(const AttemptId& id, Attempt& attempt);
  void forget_if_gone(const AllocationId& id);
  void forget_all_gone();

  void record(JournalRecord record);
  void request(SupervisorRequest request);
  void note(bool warning, std::string_view event,
            std::initializer_list<std::pair<std::string_view, std::string>> fields);

  State& state_;
  const Moment now_;
  Output output_;
  std::vector<AllocationId> accepted_;  // of the message that is being obeyed
  std::set<AllocationId> disturbed_;    // in which an attempt has begun or ended
};

}  // namespace drover::agent::core
