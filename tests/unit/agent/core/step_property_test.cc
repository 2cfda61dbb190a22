// Random histories: whatever comes in whatever order, no attempt is spawned twice, ends never
// change, and nothing is left behind once the faults are over.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "agent/core/step.h"

namespace drover::agent::core {
namespace {

// The supervisor as it is meant to be: starts a key once, forgets nothing that it was not told to.
class ModelSupervisor {
 public:
  explicit ModelSupervisor(std::string incarnation) : incarnation_(std::move(incarnation)) {}

  void take(const SupervisorRequest& request, std::map<std::string, int>& spawns) {
    if (const auto* spawn = std::get_if<SpawnAttempt>(&request)) {
      const std::string key = spawn->id.text();
      if (attempts_.contains(key)) return;
      ++spawns[key];
      attempts_[key] = SupervisorStatus{key, 1000, 0, std::nullopt};
    } else if (const auto* kill = std::get_if<KillAttempt>(&request)) {
      end(kill->key, Signalled{9});
    } else if (const auto* forget = std::get_if<ForgetAttempt>(&request)) {
      const auto found = attempts_.find(forget->key);
      if (found != attempts_.end() && found->second.cause) attempts_.erase(found);
    }
  }

  std::optional<SupervisorStatus> end(const std::string& key, EndCause cause) {
    const auto found = attempts_.find(key);
    if (found == attempts_.end() || found->second.cause) return std::nullopt;
    found->second.cause = std::move(cause);
    found->second.ended_unix_ms = 2000;
    return found->second;
  }

  SupervisorAttached snapshot() const {
    SupervisorAttached input{incarnation_, {}};
    for (const auto& [key, status] : attempts_) input.attempts.push_back(status);
    return input;
  }
  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    for (const auto& [key, status] : attempts_) keys.push_back(key);
    return keys;
  }

 private:
  std::string incarnation_;
  std::map<std::string, SupervisorStatus> attempts_;
};

class History {
 public:
  explicit History(std::uint32_t seed) : random_(seed) { restart_agent(); }

  void disturb() {
    switch (below(15)) {
      case 0:
      case 1:
      case 2:
        return command(StartAllocation{spec()});
      case 3:
        return command(StopAllocation{some_allocation()});
      case 4:
        return command(RemoveAllocation{some_allocation()});
      case 5:
      case 6:
        return end_something();
      case 7:
        return restart_agent();
      case 8:
        return detach();
      case 9:
        return attach();
      case 10:
        return replace_supervisor();
      case 11:
        now_.steady_ms += below(8000);
        return feed(Tick{});
      case 12:
        return say_again();
      case 13:
        return open_session();
      case 14:
        return feed(Storage{below(3) == 0});
    }
  }

  // No more faults: the master removes everything.
  void settle() {
    faults_ = false;
    attach();
    feed(Storage{false});
    for (std::uint32_t number = 1; number <= next_allocation_; ++number) {
      command(RemoveAllocation{allocation(number)});
    }
    detach();
    attach();
    attach();
    EXPECT_TRUE(state_.allocations.empty());
    EXPECT_TRUE(state_.kills_due.empty());
    EXPECT_TRUE(state_.restarts_due.empty());
    EXPECT_TRUE(supervisor_.keys().empty())
        << "the supervisor still knows " << supervisor_.keys().front();
    EXPECT_TRUE(state_.strangers.empty());
    EXPECT_EQ(journal_of(state_).size(), 2U) << "only the boot and the name are worth a record";
  }

  std::pair<int, int> counted() const { return {restarts_, waited_}; }  // restarts, begins after

 private:
  static constexpr std::uint32_t kRestarts = 4;

  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

  static AllocationId allocation(std::uint32_t number) {
    AllocationId id;
    id.slot = number;
    return id;
  }
  AllocationId some_allocation() { return allocation(below(next_allocation_) + 1); }

  AllocationSpecPtr spec() {
    const std::uint32_t number =
        below(4) == 0 && next_allocation_ > 1 ? below(next_allocation_) + 1 : next_allocation_++;
    // A removed allocation never comes back: the master raises its generation.
    if (removed_.contains(allocation(number))) return spec();
    TaskSpec restarted;
    restarted.restart = {static_cast<RestartPolicy>(below(3)), kRestarts};
    TaskSpec first;
    first.name = "first";
    TaskSpec waiting;
    waiting.after = {{"first", Awaited::succeeded}};
    AllocationSpec made{allocation(number), "template", {first, restarted, waiting}};
    if (number % 3 == 0) made.on_task_failure = OnTaskFailure::stop_group;
    return std::make_shared<AllocationSpec>(std::move(made));
  }

  void command(Command command) {
    if (const auto* remove = std::get_if<RemoveAllocation>(&command)) removed_.insert(remove->id);
    said_.push_back({Epoch{1}, SessionId{session_}, ++sequence_, {std::move(command)}});
    feed(said_.back());
  }

  // What was said before, in this session or an earlier one, changes nothing.
  void say_again() {
    if (said_.empty()) return;
    const Input again = said_[below(static_cast<std::uint32_t>(said_.size()))];
    // An agent that has just begun does not know what its session has said.
    if (sequence_ == 0) return;
    const Output output = step(state_, again, now_);
    EXPECT_TRUE(output.journal.empty() && output.requests.empty() && output.reports.empty());
  }

  void open_session() {
    if (below(2) == 0) feed(MasterLost{});
    sequence_ = 0;
    feed(SessionOpened{Epoch{1}, SessionId{++session_}});
  }

  void end_something() {
    const auto keys = supervisor_.keys();
    if (keys.empty()) return;
    const auto status = supervisor_.end(keys[below(static_cast<std::uint32_t>(keys.size()))],
                                        Exited{static_cast<int>(below(3))});
    if (status && attached_) feed(*status);
  }

  void restart_agent() {
    state_ = State();
    attached_ = false;
    feed(Recovered{journal_, false, Epoch{1}, "boot", "journal"});
    journal_ = journal_of(state_);
    sequence_ = 0;
    static_cast<void>(step(state_, SessionOpened{Epoch{1}, SessionId{++session_}}, now_));
  }

  void detach() {
    attached_ = false;
    feed(SupervisorDetached{});
  }

  void attach() {
    attached_ = true;
    feed(supervisor_.snapshot());
  }

  void replace_supervisor() {
    supervisor_ = ModelSupervisor("S" + std::to_string(++incarnations_));
    detach();
    if (below(2) == 0) feed(SupervisorGone{});
  }

  void feed(const Input& input) {
    const Output output = step(state_, input, now_);
    for (const auto& record : output.journal) check(record);
    journal_.insert(journal_.end(), output.journal.begin(), output.journal.end());
    // The agent may die right after it wrote its journal.
    if (faults_ && below(20) == 0) return restart_agent();
    for (const auto& request : output.requests) {
      if (const auto* spawn = std::get_if<SpawnAttempt>(&request)) check(*spawn);
      supervisor_.take(request, spawns_);
    }
    for (const auto& [key, count] : spawns_) EXPECT_EQ(count, 1) << key << " was spawned again";
    deliver_kills(output);
  }

  // What the supervisor answers to the kills of this output.
  void deliver_kills(const Output& output) {
    for (const auto& request : output.requests) {
      const auto* kill = std::get_if<KillAttempt>(&request);
      if (kill == nullptr || !attached_) continue;
      for (const auto& status : supervisor_.snapshot().attempts) {
        if (status.key == kill->key) feed(status);
      }
    }
  }

  void check(const JournalRecord& record) {
    const auto* ended = std::get_if<EndedRecord>(&record);
    if (ended == nullptr) return;
    const auto [known, is_new] = ends_.try_emplace(ended->attempt, ended->end);
    EXPECT_TRUE(is_new) << ended->attempt.text() << " ended twice";
    ended_ms_.try_emplace(ended->attempt, now_.steady_ms);
    if (has_failed(*ended)) failed_.insert(ended->attempt.allocation);
  }

  // For good, and not because it was to end.
  static bool has_failed(const EndedRecord& ended) {
    return !ended.next && !ended.end.stopped && ended.end.cause != EndCause(Exited{0});
  }

  // Not before what it waits for has succeeded, and not where a failure ends all of the group.
  void check_order(const AttemptId& id) {
    const bool ends_group = id.allocation.slot % 3 == 0;
    EXPECT_FALSE(ends_group && failed_.contains(id.allocation)) << id.text() << " after a failure";
    if (id.task != 2) return;
    const auto first = ends_.find({id.allocation, 0, 1});
    ASSERT_NE(first, ends_.end()) << id.text() << " has not waited";
    EXPECT_EQ(first->second.cause, EndCause(Exited{0}));
    EXPECT_EQ(first->second.reason, EndReason::itself);
    ++waited_;
  }

  // A restart follows an end that was no success, not at once, and not for ever.
  void check(const SpawnAttempt& spawn) {
    check_order(spawn.id);
    if (spawn.id.attempt == 1) return;
    const AttemptId before{spawn.id.allocation, spawn.id.task, spawn.id.attempt - 1};
    ASSERT_TRUE(ends_.contains(before)) << spawn.id.text() << " follows nothing";
    EXPECT_FALSE(ends_.at(before).stopped) << spawn.id.text() << " follows a stop";
    EXPECT_GE(now_.steady_ms - ended_ms_.at(before), 1000) << spawn.id.text() << " came at once";
    EXPECT_LE(spawn.id.attempt, kRestarts + 1) << spawn.id.text() << " is one too many";
    ++restarts_;
  }

  std::mt19937 random_;
  Moment now_{1, 1};
  State state_;
  std::vector<JournalRecord> journal_;
  ModelSupervisor supervisor_{"S0"};
  int incarnations_ = 0;
  bool attached_ = false;
  bool faults_ = true;
  std::uint32_t next_allocation_ = 1;
  std::set<AllocationId> removed_;
  std::uint64_t session_ = 0;
  std::uint64_t sequence_ = 0;
  std::vector<MasterCommands> said_;
  std::map<std::string, int> spawns_;
  std::map<AttemptId, End> ends_;
  std::map<AttemptId, std::int64_t> ended_ms_;
  int restarts_ = 0;
  std::set<AllocationId> failed_;
  int waited_ = 0;
};

TEST(StepProperty, HoldsInRandomHistories) {
  int restarts = 0;
  int waited = 0;
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history(seed);
    for (int event = 0; event < 200; ++event) history.disturb();
    history.settle();
    if (HasFailure()) return;
    restarts += history.counted().first;
    waited += history.counted().second;
  }
  EXPECT_GT(restarts, 300) << "there were hardly any to be looked at";
  EXPECT_GT(waited, 100) << "hardly any had waited";
}

}  // namespace
}  // namespace drover::agent::core
