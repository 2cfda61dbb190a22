// Replays the files in tests/scenario/agent/core on the agent's core.
#include <gtest/gtest.h>

#include <csignal>
#include <sstream>

#include "agent/core/step.h"
#include "common/duration.h"
#include "tests/scenario/agent/scenario_text.h"
#include "tests/support/scenario.h"

namespace drover::agent::core::scenario {
namespace {

// An agent, a clock, and the journal that outlives the agent.
class Story {
 public:
  // The effects of one input line, or what it asked to be shown.
  std::vector<std::string> play(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb == "begin" || verb == "restart") return begin(words);
    if (verb == "session") return open_session(words);
    if (verb == "master") return master(words);
    if (verb == "lease") return feed(lease(words));
    if (verb == "master-lost") return feed(MasterLost{});
    if (verb == "attach") return feed(snapshot(words));
    if (verb == "detach") return feed(SupervisorDetached{});
    if (verb == "gone") return feed(SupervisorGone{});
    if (verb == "began" || verb == "ended") return feed(status(words));
    if (verb == "checked") return feed(checked(words));
    if (verb == "storage") return feed(storage(words));
    if (verb == "wait") return wait(words);
    if (verb == "state") return lines_of(state_);
    if (verb == "hello") return hello();
    if (verb == "compact") return compact();
    ADD_FAILURE() << "unknown input: " << line;
    return {};
  }

 private:
  std::vector<std::string> feed(const Input& input) {
    const Output output = step(state_, input, now_);
    journal_.insert(journal_.end(), output.journal.begin(), output.journal.end());
    if (output.epoch) epoch_ = *output.epoch;
    return lines_of(output);
  }

  // begin|restart BOOT [damaged] [without RECORD]: a new process reads what the old one left.
  std::vector<std::string> begin(std::istream& words) {
    Recovered recovered;
    words >> recovered.boot_id;
    std::string word;
    while (words >> word) {
      if (word == "damaged") recovered.damaged = true;
      if (word == "without") drop_record(words);
    }
    recovered.journal = journal_;
    recovered.highest_epoch = epoch_;
    recovered.fresh_journal_id = "J" + std::to_string(++journal_ids_);
    state_ = State();
    session_ = 0;
    return feed(recovered);
  }

  void drop_record(std::istream& words) {
    std::string wanted;
    std::getline(words >> std::ws, wanted);
    const auto dropped = std::erase_if(
        journal_, [&wanted](const JournalRecord& record) { return line_of(record) == wanted; });
    EXPECT_EQ(dropped, 1U) << "no such record: " << wanted;
  }

  // session EPOCH NUMBER
  std::vector<std::string> open_session(std::istream& words) {
    SessionOpened opened;
    words >> opened.epoch.value >> opened.session.value;
    session_ = opened.session.value;
    sequence_ = 0;
    return feed(opened);
  }

  // As `commands` says. Where nothing was said of a session, one begins.
  std::vector<std::string> master(std::istream& words) {
    MasterCommands input = commands(words);
    if (input.session.value != 0) return feed(input);
    session_ = ++input.session.value;
    std::vector<std::string> lines = feed(SessionOpened{input.epoch, input.session});
    for (std::string& line : feed(input)) lines.push_back(std::move(line));
    return lines;
  }

  // master EPOCH [session=N] [sequence=N] [COMMAND [+ COMMAND]...], each
  //   start NAME [tasks=N] [grace=DURATION] [timeout=DURATION] [signal=NAME] [success=CODE]
  //         [restart=POLICY] [attempts=N] [within=DURATION] [delay=DURATION] [max_delay=DURATION]
  //         [exclusive] [stop_group] [after=TASK:TASK:started|succeeded|healthy]... (the first one
  //         waits) [check=command|tcp (of the first task) [interval=DURATION]
  //         [check_timeout=DURATION] [start_period=DURATION] [passes=N] [failures=N] [report_only]]
  //         | stop NAME | remove NAME | again NAME [ATTEMPT] | signal NAME [ATTEMPT] (SIGHUP)
  MasterCommands commands(std::istream& words) {
    MasterCommands input;
    std::string verb;
    words >> input.epoch.value >> verb;
    input.session = SessionId{take_number("session=", verb, words).value_or(session_)};
    const auto sequence = take_number("sequence=", verb, words);
    input.sequence = sequence ? *sequence : ++sequence_;
    for (std::string name; words >> name; words >> verb) {
      const AllocationId id = allocation_of(name);
      const std::size_t before = input.commands.size();
      if (verb == "stop") input.commands.emplace_back(StopAllocation{id});
      if (verb == "again") input.commands.emplace_back(RestartAttempt{attempt_of(id, words)});
      if (verb == "signal") input.commands.emplace_back(SendSignal{attempt_of(id, words), SIGHUP});
      if (verb == "remove") input.commands.emplace_back(RemoveAllocation{id});
      if (verb == "start") input.commands.emplace_back(StartAllocation{spec(id, words)});
      EXPECT_EQ(input.commands.size(), before + 1) << "unknown command: " << verb;
      if (verb != "start") words >> verb;  // the plus
    }
    return input;
  }

  // Of the first task.
  static AttemptId attempt_of(const AllocationId& id, std::istream& words) {
    std::uint32_t attempt = 1;
    if (!(words >> attempt)) words.clear(std::ios::eofbit);
    return {id, 0, attempt};
  }

  // lease DURATION [session=N]: the master has heard of this node, which is good for so long.
  LeaseRenewed lease(std::istream& words) const {
    std::string duration;
    std::string option;
    words >> duration >> option;
    const std::uint64_t session = take_number("session=", option, words).value_or(session_);
    return {epoch_, SessionId{session}, now_.steady_ms + parse_duration(duration)->count()};
  }

  // The number in `word`, if it begins with `key`; `word` is then the next one.
  static std::optional<std::uint64_t> take_number(const std::string& key, std::string& word,
                                                  std::istream& words) {
    if (!word.starts_with(key)) return std::nullopt;
    const std::uint64_t number = std::stoull(word.substr(key.size()));
    word.clear();
    words >> word;
    return number;
  }

  static AllocationSpecPtr spec(const AllocationId& id, std::istream& words) {
    AllocationSpec made{id, "template", {TaskSpec{}}};
    std::string option;
    while (words >> option && option != "+") {
      const std::string value = option.substr(option.find('=') + 1);
      if (option.starts_with("tasks=")) made.tasks.resize(std::stoul(value));
      if (option == "exclusive") made.exclusive = true;
      if (option == "stop_group") made.on_task_failure = OnTaskFailure::stop_group;
      if (option.starts_with("after=")) read_after(value, made);
      for (TaskSpec& task : made.tasks) {
        if (option.starts_with("grace=")) task.stop_grace = parse_duration(value).value();
        if (option.starts_with("timeout=")) task.timeout = parse_duration(value).value();
        if (option.starts_with("signal=")) task.stop_signal = value;
        if (option.starts_with("success=")) task.success_exit_codes = {std::stoi(value)};
        read_restart(option, value, task);
      }
      read_health(option, value, made.tasks.front().health);
    }
    for (std::size_t task = 0; task < made.tasks.size(); ++task) {
      made.tasks[task].name = "t" + std::to_string(task);
    }
    return std::make_shared<AllocationSpec>(std::move(made));
  }

  static void read_after(const std::string& value, AllocationSpec& made) {
    const std::size_t second = value.find(':') + 1;
    const std::size_t word = value.find(':', second) + 1;
    TaskSpec& waiting = made.tasks.at(std::stoul(value));
    Awaited& awaited = waiting.after["t" + value.substr(second, word - 1 - second)];
    if (value.substr(word) == "succeeded") awaited = Awaited::succeeded;
    if (value.substr(word) == "healthy") awaited = Awaited::healthy;
  }

  static void read_health(const std::string& option, const std::string& value,
                          std::optional<HealthSpec>& health) {
    if (option == "check=command") health.emplace().command = "check";
    if (option == "check=tcp") health.emplace().tcp = "127.0.0.1:1";
    if (option.starts_with("interval=")) health->interval = parse_duration(value).value();
    if (option.starts_with("check_timeout=")) health->timeout = parse_duration(value).value();
    if (option.starts_with("start_period=")) health->start_period = parse_duration(value).value();
    if (option.starts_with("passes=")) health->healthy_after = std::stoul(value);
    if (option.starts_with("failures=")) health->unhealthy_after = std::stoul(value);
    if (option == "report_only") health->on_unhealthy = OnUnhealthy::report;
  }

  // checked ATTEMPT#NUMBER [FAILURE]
  static Checked checked(std::istream& words) {
    std::string name;
    std::string failure;
    words >> name;
    std::getline(words >> std::ws, failure);
    Checked made{CheckId::parse(key_of(name)).value(), std::nullopt};
    if (!failure.empty()) made.failure = failure;
    return made;
  }

  static void read_restart(const std::string& option, const std::string& value, TaskSpec& task) {
    if (option == "restart=on_failure") task.restart = {RestartPolicy::on_failure};
    if (option == "restart=always") task.restart = {RestartPolicy::always};
    if (option.starts_with("attempts=")) task.restart->attempts = std::stoul(value);
    if (option.starts_with("within=")) task.restart->within = parse_duration(value).value();
    if (option.starts_with("delay=")) task.restart->delay = parse_duration(value).value();
    if (option.starts_with("max_delay=")) task.restart->max_delay = parse_duration(value).value();
  }

  // ATTEMPT [running[@STEADY-MS] | CAUSE[+fenced][+oom][+dropped][+unsignalled] [begun=DURATION]]
  SupervisorStatus status(std::istream& words) const {
    SupervisorStatus made;
    std::string name;
    words >> name;
    fill(made, name, words);
    return made;
  }

  void fill(SupervisorStatus& made, const std::string& name, std::istream& words) const {
    made.key = key_of(name);
    made.started_unix_ms = now_.unix_ms;
    made.started_steady_ms = now_.steady_ms;
    std::string cause;
    if (!(words >> cause)) return;
    if (cause.starts_with("running")) {
      const std::size_t at = cause.find('@');
      if (at != std::string::npos) made.started_steady_ms = std::stoll(cause.substr(at + 1));
      return;
    }
    made.ended_unix_ms = now_.unix_ms;
    made.signalled = !take_end(cause, "+unsignalled");
    if (take_end(cause, "+dropped")) made.output_dropped_bytes = 100;
    made.out_of_memory = take_end(cause, "+oom");
    made.fenced = take_end(cause, "+fenced");
    made.cause = cause_of(cause);
    std::string begun;  // begun=DURATION: so long ago
    if (static_cast<char>((words >> std::ws).peek()) == 'b' && words >> begun) {
      made.started_steady_ms -= parse_duration(begun.substr(begun.find('=') + 1))->count();
    }
  }

  static bool take_end(std::string& text, std::string_view end) {
    if (!text.ends_with(end)) return false;
    text.resize(text.size() - end.size());
    return true;
  }

  // attach INCARNATION [ATTEMPT running...|CAUSE...]...
  SupervisorAttached snapshot(std::istream& words) const {
    SupervisorAttached input;
    words >> input.incarnation;
    std::string name;
    while (words >> name) {
      fill(input.attempts.emplace_back(), name, words);
    }
    return input;
  }

  // storage full|room
  static Storage storage(std::istream& words) {
    std::string word;
    words >> word;
    return {word == "full"};
  }

  std::vector<std::string> wait(std::istream& words) {
    std::string duration;
    words >> duration;
    const std::int64_t ms = parse_duration(duration)->count();
    now_.steady_ms += ms;
    now_.unix_ms += ms;
    return feed(Tick{});
  }

  std::vector<std::string> hello() const {
    std::vector<std::string> lines;
    for (const auto& id : held_allocations(state_)) lines.push_back("holds " + name_of(id));
    Output output;
    output.reports = known_attempts(state_);
    for (const auto& line : lines_of(output)) lines.push_back(line);
    return lines;
  }

  std::vector<std::string> compact() {
    journal_ = journal_of(state_);
    std::vector<std::string> lines;
    for (const auto& record : journal_) lines.push_back("journal: " + line_of(record));
    return lines;
  }

  State state_;
  Moment now_{0, 1'000'000};
  std::vector<JournalRecord> journal_;
  int journal_ids_ = 0;
  Epoch epoch_;
  std::uint64_t session_ = 0;  // 0: the agent was told of none
  std::uint64_t sequence_ = 0;
};

class AgentCoreScenario : public testing::TestWithParam<std::string> {};

TEST_P(AgentCoreScenario, HappensAsWritten) {
  Story story;
  test::run_scenario(GetParam(), [&story](const std::string& line) { return story.play(line); });
}

INSTANTIATE_TEST_SUITE_P(Files, AgentCoreScenario,
                         testing::ValuesIn(test::scenario_files(DROVER_SCENARIO_DIR)),
                         [](const auto& file) { return test::scenario_name(file.param); });

}  // namespace
}  // namespace drover::agent::core::scenario
