// Status query, list page, events and deploy through a whole master in this process.
#include <limits>
#include <memory>
#include <string>

#include "tests/bench/growth/growth.h"
#include "tests/bench/growth/questions.h"
#include "tests/bench/http/own_master.h"

namespace drover::bench {
namespace {

constexpr std::size_t kFewRunning = 100;
constexpr std::size_t kFewFinished = 1'000;

// In a turn: as each adds to what runs, a small master must not become a large one.
constexpr int kDeploys = 20;

struct Subject {
  Subject(std::size_t running, std::size_t finished) : master(running, finished) {}

  // Not before all are made: no connection may be idle for so long.
  void ask_about(const std::vector<InstanceId>& ids) {
    questions = std::make_unique<Questions>(master.port(), ids, master.live());
  }

  OwnMaster master;
  std::unique_ptr<Questions> questions;
};

using Subjects = std::map<std::uint64_t, Subject>;

struct Operation {
  const char* name;
  const char* what;
  void (Questions::*ask)();
  int most;  // in a turn
};
constexpr int kMany = std::numeric_limits<int>::max();
constexpr Operation kOperations[] = {
    {"status", "one status query (the seed's)", &Questions::status, kMany},
    {"list", "one page of a list, 50 instances from its middle", &Questions::list, kMany},
    {"events", "the events of the 50 newest deploys", &Questions::events, kMany},
    {"deploy", "one deploy, durable", &Questions::deploy, kDeploys},
};
static_assert(Questions::kPage == 50);

// Only what is asked counts, but every master ticks, and its store works off what it was filled
// with: the median leaves that out as well as it can.
Turns turns_of(Subjects& subjects, const Options& options, const Operation& operation) {
  Turns turns;
  for (int i = 0; i < options.turns; ++i) {
    for (auto& [size, subject] : subjects) {
      Questions& questions = *subject.questions;
      turns[size].push_back(
          server_cpu_of([&] { (questions.*operation.ask)(); }, options.turn, operation.most));
    }
  }
  return turns;
}

std::vector<Curve> curves_of(Subjects& subjects, const Options& options, const std::string& axis,
                             const std::string& fixed) {
  std::vector<Curve> curves;
  for (const Operation& operation : kOperations) {
    curves.push_back({operation.name, operation.what, axis, fixed,
                      "CPU of all threads of a whole master, without its one client",
                      medians_of(turns_of(subjects, options, operation))});
  }
  return curves;
}

std::vector<Curve> against_running(const Options& options) {
  const std::uint64_t most = options.smoke ? 200 : 10'000;
  Subjects subjects;
  for (std::uint64_t running = 100; running <= most; running *= options.smoke ? 2 : 10) {
    subjects.try_emplace(running, running, kFewFinished);
  }
  for (auto& [size, subject] : subjects) subject.ask_about(subject.master.live());
  return curves_of(subjects, options, "running",
                   std::to_string(kFewFinished) + " finished instances, 1 node");
}

std::vector<Curve> against_finished(const Options& options, bool million) {
  const std::uint64_t most = options.smoke ? 2'000 : million ? 1'000'000 : 100'000;
  Subjects subjects;
  for (std::uint64_t finished = kFewFinished; finished <= most;
       finished *= options.smoke ? 2 : 10) {
    subjects.try_emplace(finished, kFewRunning, finished);
  }
  for (auto& [size, subject] : subjects) subject.ask_about(subject.master.ended());
  return curves_of(subjects, options, "finished",
                   std::to_string(kFewRunning) + " running instances, 1 node");
}

}  // namespace

std::vector<Curve> master_growth(const Options& options, bool million) {
  std::vector<Curve> curves = against_running(options);
  for (Curve& curve : against_finished(options, million)) curves.push_back(std::move(curve));
  return curves;
}

}  // namespace drover::bench
