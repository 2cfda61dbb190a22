#include "tests/bench/support/local_cluster.h"

#include <boost/json.hpp>

#include "tests/bench/support/conditions.h"
#include "tests/bench/support/cpu_time.h"

namespace drover::bench {
namespace {

test::Surroundings surroundings_of(const Places& places) {
  test::Surroundings surroundings;
  surroundings.data_dir = places.data_dir;
  if (!places.state_dir.empty()) surroundings.state_dirs[0] = places.state_dir;
  return surroundings;
}

}  // namespace

Costs Costs::operator-(const Costs& earlier) const {
  return {master - earlier.master, agent - earlier.agent,   supervisor - earlier.supervisor,
          tasks - earlier.tasks,   client - earlier.client, machine - earlier.machine};
}

Costs& Costs::operator+=(const Costs& more) {
  master += more.master;
  agent += more.agent;
  supervisor += more.supervisor;
  tasks += more.tasks;
  client += more.client;
  machine += more.machine;
  return *this;
}

boost::json::object Costs::each(double count) const {
  const auto of = [count](double seconds) { return count > 0 ? seconds * 1e6 / count : 0; };
  return {{"master", of(master)}, {"agent", of(agent)},   {"supervisor", of(supervisor)},
          {"tasks", of(tasks)},   {"client", of(client)}, {"elsewhere", of(machine - ours())}};
}

LocalCluster::LocalCluster(const Places& places, const std::vector<std::string>& master_flags)
    : data_dir_(places.data_dir), cluster_(surroundings_of(places)) {
  cluster_.start_master(master_flags);
  cluster_.start_agent(0);
  cluster_.await_online(1);
  supervisor_ = cluster_.supervisor(0);
}

pid_t LocalCluster::master() { return cluster_.master().pid(); }

pid_t LocalCluster::agent() { return cluster_.agent(0).pid(); }

boost::json::object LocalCluster::conditions() const {
  const boost::json::value nodes = boost::json::parse(cluster_.get("/api/v1/nodes").body);
  return {{"processes", "real"},
          {"fsync", true},
          {"file system", file_system_of(data_dir_.empty() ? cluster_.directory() : data_dir_)},
          {"file system of the agent", file_system_of(cluster_.state_dir(0))},
          {"node lacks", nodes.at("nodes").at(0).at("degraded")}};
}

Costs LocalCluster::costs() {
  Costs costs;
  costs.master = process_cpu(master());
  costs.agent = process_cpu(agent());
  costs.supervisor = process_cpu(supervisor_);
  costs.tasks = reaped_cpu(supervisor_);
  costs.client = thread_cpu();
  costs.machine = machine_cpu();
  return costs;
}

}  // namespace drover::bench
