// P8: what many running tasks cost a node: memory of the supervisor, and the time until an agent
// that was killed owns them again.
#include <boost/json.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/support/local_cluster.h"
#include "tests/bench/support/memory.h"
#include "tests/bench/support/program.h"
#include "tests/bench/support/report.h"

namespace drover::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr char kTemplate[] = "sleepers";

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

boost::json::object instance(LocalCluster& cluster, const std::string& id) {
  const test::Reply reply = cluster.programs().get("/api/v1/instances/" + id);
  if (reply.status != 200) throw std::runtime_error("no instance: " + reply.body);
  return boost::json::parse(reply.body).as_object();
}

void await_state(LocalCluster& cluster, const std::string& id, const std::string& state) {
  const auto until = Clock::now() + 2min;
  while (instance(cluster, id).at("state").as_string() != state) {
    if (Clock::now() > until) throw std::runtime_error("the tasks do not come to be " + state);
    let_pass(50ms);
  }
}

std::string run_tasks(LocalCluster& cluster, int tasks) {
  cluster.programs().create(
      R"({"name":")" + std::string(kTemplate) + R"(","task_groups":[{"count":)" +
      std::to_string(tasks) +
      R"(,"tasks":[{"name":"sleep","config":{"command":"/bin/sleep 86400"}}]}]})");
  const std::string id = cluster.programs().deploy(kTemplate);
  await_state(cluster, id, "running");
  return id;
}

// From SIGKILL, in milliseconds.
struct Restart {
  double attached = 0;  // to the supervisor, which has said all that runs
  double ready = 0;
  double welcomed = 0;  // by the master, which knows by then what the node holds, durably
};

Restart restart(LocalCluster& cluster, int tasks) {
  const auto begin = Clock::now();
  cluster.programs().agent(0).kill();
  cluster.programs().launch_agent(0);
  const auto await = [&](const std::string& text) {
    const auto line = cluster.programs().agent(0).await_line(text);
    if (!line) throw std::runtime_error("the agent does not say '" + text + "'");
    return *line;
  };
  Restart times;
  const std::string attached = await(" supervisor attached ");
  times.attached = ms_since(begin);
  const std::string opened = await(" session opened ");
  times.welcomed = ms_since(begin);
  const std::string ready = await(" ready ");
  times.ready = ms_since(begin);
  const std::string all = std::to_string(tasks);
  const auto connected = cluster.programs().master().await_line(
      " session=" + test::field(opened, "session") + " allocations=");
  if (test::field(attached, "attempts") != all || test::field(ready, "allocations") != all ||
      !connected || test::field(*connected, "allocations") != all) {
    throw std::runtime_error("not all tasks were taken up again");
  }
  return times;
}

// Without cgroups, for example, the supervisor keeps its tasks together in another way.
boost::json::value missing_features(LocalCluster& cluster) {
  const test::Reply reply = cluster.programs().get("/api/v1/nodes");
  return boost::json::parse(reply.body).at("nodes").at(0).at("degraded");
}

double middle(const std::vector<Restart>& restarts, double Restart::*field) {
  std::vector<double> values;
  for (const Restart& each : restarts) values.push_back(each.*field);
  return median(std::move(values));
}

double worst(const std::vector<Restart>& restarts, double Restart::*field) {
  double most = 0;
  for (const Restart& each : restarts) most = std::max(most, each.*field);
  return most;
}

Figure memory_figure(const Memory& before, const Memory& after,
                     const boost::json::object& conditions) {
  const double count = conditions.at("tasks").to_number<double>();
  Figure figure;
  figure.id = "P8.memory";
  figure.what = "proportional memory that a running task adds to the supervisor";
  figure.unit = "KiB";
  figure.figure = (after.proportional - before.proportional) / count / 1024;
  figure.target = {Aim::at_most, 4};
  figure.conditions = conditions;
  figure.details = {{"anonymous", (after.anonymous - before.anonymous) / count / 1024},
                    {"supervisor_mib_without_tasks", before.proportional / 1024 / 1024},
                    {"supervisor_mib_with_tasks", after.proportional / 1024 / 1024}};
  return figure;
}

Figure restart_figure(const std::vector<Restart>& restarts, const boost::json::object& conditions) {
  boost::json::array each;
  for (const Restart& restart : restarts) each.push_back(restart.welcomed);
  Figure figure;
  figure.id = "P8.restart";
  figure.what = "from SIGKILL of an agent until the next one has all tasks and the master knows it";
  figure.unit = "ms";
  figure.figure = middle(restarts, &Restart::welcomed);
  figure.target = {Aim::at_most, 1000};
  figure.conditions = conditions;
  figure.conditions["restarts"] = restarts.size();
  figure.details = {{"worst", worst(restarts, &Restart::welcomed)},
                    {"attached_to_the_supervisor", middle(restarts, &Restart::attached)},
                    {"ready", middle(restarts, &Restart::ready)},
                    {"each", each}};
  return figure;
}

void measure(const Options& options, int tasks, Report& report) {
  if (options.smoke) tasks = 5;
  LocalCluster cluster;
  const Memory before = memory_of(cluster.supervisor());
  const std::string id = run_tasks(cluster, tasks);
  let_pass(options.turn);
  const Memory after = memory_of(cluster.supervisor());
  std::vector<Restart> restarts;
  for (int turn = 0; turn < options.turns; ++turn) {
    restarts.push_back(restart(cluster, tasks));
    let_pass(options.turn);
  }
  if (instance(cluster, id).at("state").as_string() != "running") {
    throw std::runtime_error("tasks did not outlive the restarts of their agent");
  }
  const boost::json::object conditions{{"processes", "real"},
                                       {"nodes", 1},
                                       {"tasks", tasks},
                                       {"the node lacks", missing_features(cluster)}};
  report.add(memory_figure(before, after, conditions));
  report.add(restart_figure(restarts, conditions));
  // Which also shows that the agent owns them.
  cluster.programs().stop(id);
  await_state(cluster, id, "stopped");
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) {
  using namespace drover::bench;
  Options defaults;
  defaults.turn = 2s;
  defaults.turns = 9;
  int tasks = 1000;
  return run(argc, argv,
             {"What many tasks cost a node.",
              [&tasks](const Options& options, Report& report) { measure(options, tasks, report); },
              [&tasks](CLI::App& app) {
                app.add_option("--tasks", tasks, "How many run")
                    ->check(CLI::Range(1, 10'000))
                    ->capture_default_str();
              },
              defaults});
}
