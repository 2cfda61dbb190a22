// drover run
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/deployment.h"
#include "cli/commands/instance_state.h"
#include "cli/commands/run_output.h"
#include "cli/commands/waiting.h"

namespace drover::cli {
namespace {

struct Options {
  Deployment deployment;
  WaitOptions waiting;
};

// The codes of its own must not be taken for those of a task.
int fail(const Error& error) {
  Session::fail(error);
  return kRunFailed;
}

// One instance, from its deployment to its end. What is to be done in between is begun again after
// an interrupt: the first signal stops the instance and its end is waited for, the second one ends
// the wait.
class Run {
 public:
  Run(Session& session, Interrupts& interrupts, std::string id)
      : session_(session),
        interrupts_(interrupts),
        id_(std::move(id)),
        output_(session, interrupts, id_) {}

  int to_its_end(std::chrono::milliseconds timeout) {
    interrupts_.end_calls_of(session_.connection());
    interrupts_.end_after(timeout);
    while (!code_) {
      if (!await_begin() || !follow_output()) continue;
      await_end();
    }
    return *code_;
  }

 private:
  // Nothing is printed before, so that a line may show what it waits for. These return whether it
  // has come; else there is a code, or it is to be begun again.
  bool await_begin() {
    if (has_begun_) return true;
    Wait wait = instance_wait(session_, id_, Goal::change);
    wait.reached = [](const boost::json::object& instance) {
      return is_over(text_of(instance, "state")) || has_begun(instance);
    };
    const auto seen = until(wait);
    if (!seen) return false;
    has_begun_ = true;
    output_.expect(count_tasks(seen->value));
    return true;
  }

  bool follow_output() {
    const auto done = output_.follow();
    if (done && !output_.is_lost()) return true;
    if (done && output_.has_no_reader()) {
      if (!is_stopped_) stop("nobody reads the standard output any more; ");
      output_.close();
      return true;
    }
    if (done) {
      output_.close();
      return give_up(kRunFailed, "the standard output takes nothing more; ");
    }
    const Interrupt interrupt = interrupts_.take();
    if (interrupt == Interrupt::none) code_ = fail(done.error());
    handle(interrupt);
    return false;
  }

  bool await_end() {
    Wait wait = instance_wait(session_, id_, Goal::over);
    wait.reached = [](const boost::json::object& instance) {
      return is_over(text_of(instance, "state"));
    };
    const auto seen = until(wait);
    if (seen) code_ = report(*seen);
    return seen.has_value();
  }

  std::optional<Document> until(const Wait& wait) {
    auto waited = wait_until(session_, interrupts_, wait);
    if (!waited) {
      code_ = fail(waited.error());
    } else if (waited->end == Waited::End::reached) {
      return std::move(waited->last);
    } else {
      const bool signal = waited->end == Waited::End::interrupted;
      handle(signal ? Interrupt::signal : Interrupt::time_over);
    }
    return std::nullopt;
  }

  void handle(Interrupt interrupt) {
    if (interrupt == Interrupt::time_over) {
      give_up(kRunTimedOut, "the time is over; ");
    } else if (interrupt == Interrupt::signal && is_stopped_) {
      const std::string what =
          stop_is_known_ ? " is being stopped" : " goes on: drover stop " + id_;
      Session::complain("no longer waiting; the instance " + id_ + what);
      code_ = kInterrupted;
    } else if (interrupt == Interrupt::signal) {
      stop("");
    }
  }

  void stop(const std::string& why) {
    Session::complain(why + "stopping the instance " + id_ +
                      "; a second Ctrl-C ends the wait for it");
    is_stopped_ = true;
    interrupts_.end_after({});
    // Whoever presses twice at once wants it to be stopped all the same.
    interrupts_.end_no_calls();
    const auto stopped = persistently(session_.connection(), &interrupts_,
                                      [this] { return session_.api().stop_instance(id_); });
    interrupts_.end_calls_of(session_.connection());
    stop_is_known_ = stopped.ok();
    if (stopped || interrupts_.is_pending()) return;
    fail(stopped.error());
    give_up(kRunFailed, "");
  }

  bool give_up(ExitCode code, const std::string& why) {
    Session::complain(why + "the instance goes on: drover stop " + id_);
    code_ = code;
    return false;
  }

  int report(const Document& instance) {
    if (session_.json()) session_.print(instance);
    const std::string cause = text_of(instance.value, "cause");
    if (!cause.empty()) Session::complain(text_of(instance.value, "state") + ": " + cause);
    return exit_code_of_tasks(instance.value);
  }

  Session& session_;
  Interrupts& interrupts_;
  const std::string id_;
  RunOutput output_;
  bool has_begun_ = false;
  bool is_stopped_ = false;
  bool stop_is_known_ = false;  // to the master
  std::optional<int> code_;     // absent: it goes on
};

int run(Session& session, const Options& options) {
  // From here on, so that no signal leaves an instance behind of which nobody has heard.
  Interrupts interrupts;
  const auto deployed = deploy(session, &interrupts, options.deployment);
  if (!deployed) {
    const int code = fail(deployed.error());
    return interrupts.take() == Interrupt::none ? code : kInterrupted;
  }
  return Run(session, interrupts, deployed->id).to_its_end(options.waiting.limit());
}

}  // namespace

void add_run(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = commands.add(
      app, "run", "Deploy a template, print what its tasks print, and end as its task did",
      {{"drover run hello",
        "ends with the exit code of hello's task; Ctrl-C stops the instance, and its end is waited "
        "for"},
       {"drover run -f job.yaml -p day=2025-03-09 --timeout 1h",
        "create or change the template first; after an hour, 124, and the instance goes on"},
       {"drover run report > report.txt 2> complaints.txt",
        "standard output and standard error of the task are those of run"}},
      [options](Session& session) { return run(session, *options); });
  add_deployment(command, options->deployment);
  add_timeout(command, options->waiting);
}

}  // namespace drover::cli
