#include "tests/chaos/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "agent/supervisor/client.h"
#include "tests/chaos/account.h"
#include "tests/chaos/told.h"

namespace drover::test {
namespace {

constexpr auto kSettleTime = kPatience * 3;

// What a supervisor holds; nothing when it cannot be asked.
std::optional<int> attempts_known(const std::string& socket) {
  auto client = supervisor::SupervisorClient::connect(socket);
  if (!client || !client->flush()) return std::nullopt;
  std::optional<int> known;
  eventually([&] {
    const auto events = client->read_events();
    if (!events) return true;
    for (const auto& event : *events) {
      if (event.has_snapshot()) known = event.snapshot().attempts_size();
    }
    return known.has_value();
  });
  return known;
}

// To ask a supervisor is to take it from its agent, which needs a moment to take it back.
bool forgets_everything(const std::string& socket) {
  using Clock = std::chrono::steady_clock;
  auto next = Clock::now();
  return eventually([&] {
    if (Clock::now() < next) return false;
    const auto known = attempts_known(socket);
    next = Clock::now() + std::chrono::milliseconds(500);
    return known == 0;
  });
}

const char* expected_state(const Work& work) {
  switch (work.end) {
    case Work::End::success:
      return "completed";
    case Work::End::failure:
      return "failed";
    case Work::End::when_stopped:
      return "stopped";
  }
  return "?";
}

}  // namespace

Oracle::Oracle(const std::string& directory)
    : marks_(directory + "/marks"), token_(directory), works_(all_works(marks_, token_)) {}

void Oracle::create_works(Cluster& cluster) {
  for (const Work& work : works_) {
    cluster.create(work.document);
    ledger_.created(work.name, work.document);
  }
}

void Oracle::count_runs() {
  runs_.clear();
  for (const Mark& mark : read_marks(marks_)) {
    Runs& runs = runs_[mark.instance];
    if (mark.what == Mark::What::begin) ++runs.begun;
    if (mark.what == Mark::What::end) runs.ended.insert(mark.allocation + " " + mark.task);
    runs.allocations.insert(mark.allocation);
  }
}

void Oracle::stop_unknown(const Cluster& cluster) {
  const Records records = ledger_.records();
  for (const auto& [id, runs] : runs_) {
    if (records.deployments.contains(id) || stopped_.contains(id)) continue;
    cluster.stop(id);
    stopped_[id] = boot_now();
  }
}

bool Oracle::all_over(const Cluster& cluster) {
  count_runs();
  stop_unknown(cluster);
  if (!processes_with("CHAOS=" + token_).empty()) return false;
  // Deployments whose answer was lost may not have begun so far: the master alone knows of them.
  if (live_instances(cluster) != 0) return false;
  const Records records = ledger_.records();
  return std::all_of(
      records.deployments.begin(), records.deployments.end(),
      [&](const auto& deployment) { return told_of(cluster, deployment.first).is_over(); });
}

void Oracle::settle(const Cluster& cluster) {
  for (const auto& [id, deployment] : ledger_.records().deployments) {
    if (deployment.work.end != Work::End::when_stopped || deployment.stop_acknowledged) continue;
    ledger_.stop_asked(id);
    cluster.stop(id);
    ledger_.stop_acknowledged(id);
  }
  EXPECT_TRUE(eventually([&] { return all_over(cluster); }, kSettleTime))
      << "not everything has ended\n"
      << account_of_the_rest(cluster, ledger_.records(), marks_, token_);
}

void Oracle::judge(const Cluster& cluster, Losses losses, std::chrono::milliseconds stop_reach) {
  count_runs();
  const Records records = ledger_.records();
  for (const auto& [name, document] : records.templates) {
    EXPECT_EQ(document, cluster.post("/api/task/query", R"({"name":")" + name + R"("})").body);
  }
  for (const auto& [id, deployment] : records.deployments) {
    judge_instance(cluster, id, deployment, losses);
  }
  std::size_t unknown = 0;
  for (const auto& [id, runs] : runs_) unknown += records.deployments.contains(id) ? 0 : 1;
  EXPECT_LE(unknown, records.unanswered_deploys) << "instances that nobody asked for";
  judge_marks(cluster, records, stop_reach);
  judge_remains(cluster, records);
}

void Oracle::judge_instance(const Cluster& cluster, const std::string& id,
                            const Deployment& deployment, Losses losses) {
  const Runs& runs = runs_[id];
  const Work& work = deployment.work;
  const Told told = told_of(cluster, id);
  const Account who{cluster, deployment, marks_, id};
  EXPECT_EQ(1, cluster.status(id)) << who;
  EXPECT_EQ(work.tasks, told.tasks.size()) << who;
  if (told.state == "lost") ++lost_;
  // Its node may have ended it before a stop could reach it; or a stop that could not be recorded,
  // and was not acknowledged, has done so.
  const bool is_loss = told.state == "lost" || (work.exclusive && told.has_fenced()) ||
                       (deployment.stop_unanswered && told.ended_by_signal());
  if (!is_loss || losses == Losses::illegal) {
    EXPECT_EQ(expected_state(work), told.state) << who;
  }
  const int exit_code = work.end == Work::End::failure ? 3 : 0;
  for (const ToldTask& task : told.tasks) {
    const bool has_ended = runs.ended.contains(task.allocation + " " + task.name);
    const bool has_exited = task.state == "succeeded" || task.exit_code.has_value();
    EXPECT_TRUE(has_ended || !has_exited) << who;
    EXPECT_FALSE(has_ended && work.end == Work::End::when_stopped) << who;
    EXPECT_EQ(exit_code, task.exit_code.value_or(exit_code)) << who;
  }
  for (const std::string& allocation : runs.allocations) {
    EXPECT_TRUE(told.allocations.contains(allocation))
        << "it says nothing of " << allocation << "\n"
        << who;
  }
}

void Oracle::judge_marks(const Cluster& cluster, const Records& records,
                         std::chrono::milliseconds stop_reach) {
  std::map<std::string, int> attempts;
  std::map<std::string, int> tasks;
  const std::vector<Mark> marks = read_marks(marks_);
  for (const Mark& mark : marks) {
    if (mark.what != Mark::What::begin) continue;
    const auto told = records.deployments.find(mark.instance);
    const bool known = told != records.deployments.end();
    const Deployment deployment = known ? told->second : Deployment{};
    const Account who{cluster, deployment, marks_, mark.instance};
    EXPECT_EQ(1, ++attempts[mark.attempt_id()]) << "begun again: " << mark.attempt_id() << "\n"
                                                << who;
    if (!deployment.work.may_run_again) {
      EXPECT_EQ(1, ++tasks[mark.group() + " " + mark.task])
          << "a task that runs once, again: " << mark.attempt_id() << "\n"
          << who;
    }
    if (!deployment.stop_acknowledged) continue;
    const BootMs heard_from = std::max(*deployment.stop_acknowledged, reachable_since_);
    EXPECT_LE(mark.when, heard_from + stop_reach.count())
        << mark.attempt_id() << " began after its stop\n"
        << who;
  }
  for (const auto& [id, deployment] : records.deployments) {
    if (!deployment.work.exclusive) continue;
    EXPECT_EQ(0, longest_overlap(marks, id)) << "two copies of an exclusive group\n"
                                             << Account{cluster, deployment, marks_, id};
  }
}

void Oracle::judge_remains(const Cluster& cluster, const Records& records) {
  EXPECT_TRUE(processes_with("CHAOS=" + token_).empty())
      << "processes are left\n"
      << account_of_the_rest(cluster, records, marks_, token_);
  for (const int agent : cluster.agent_numbers()) {
    EXPECT_TRUE(forgets_everything(cluster.state_dir(agent) + "/supervisor.sock"))
        << "the supervisor of agent " << agent << " still knows attempts";
  }
}

std::string Oracle::summary() const {
  const Records records = ledger_.records();
  std::size_t stops = 0;
  for (const auto& [id, deployment] : records.deployments) {
    stops += deployment.stop_acknowledged ? 1 : 0;
  }
  std::size_t begun = 0;
  for (const auto& [id, runs] : runs_) begun += runs.begun;
  std::ostringstream text;
  text << "acknowledged: " << records.templates.size() << " templates, "
       << records.deployments.size() << " deployments, " << stops
       << " stops; unanswered: " << records.unanswered << "; attempts begun: " << begun
       << "; instances lost: " << lost_;
  return text.str();
}

}  // namespace drover::test
