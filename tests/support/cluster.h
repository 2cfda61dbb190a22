// A master and agents as real programs on free ports, with all that they write in one directory
// that goes with the object. Speaks of instances and nodes as the HTTP API does.
//
//   Cluster cluster;
//   cluster.start_master();
//   cluster.start_agent(0);
//   cluster.create("work", "sleep 1");
//   const std::string id = cluster.deploy("work");
//   cluster.await_end(id);
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/unique_fd.h"
#include "tests/support/held_port.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace drover::test {

struct Reply {
  int status = 0;    // 0: no answer could be had
  std::string body;  // JSON
};

// What a test sets that wants more than one machine with everything on loopback.
struct Surroundings {
  std::vector<std::string> master_flags;           // at each start of the master
  std::map<std::string, std::string> environment;  // of master and agents, besides the test's own
  std::string agent_listen = "127.0.0.1";          // the address at which the master hears agents
  // Where an agent reaches the master; empty: at `agent_listen`.
  std::function<std::string(int agent)> master_address;
  // Calls `start` in the place where an agent is to live; empty: where the test lives.
  std::function<void(int agent, const std::function<void()>& start)> at_node;
  std::map<int, std::string> state_dirs;  // of agents that have theirs elsewhere
  std::string data_dir;                   // of the master, where it is elsewhere; else empty
};

// The programs have `library` loaded, and find the path of its file in the variable.
Surroundings preloaded(const std::string& library, const std::string& variable,
                       const std::string& path);

class Cluster {
 public:
  explicit Cluster(Surroundings surroundings = {})
      : surroundings_(std::move(surroundings)),
        http_port_(kHttpListen),
        agent_port_(surroundings_.agent_listen) {}
  ~Cluster();  // ends everything, supervisors and their tasks included

  // Starts the master, on ports that stay the same, and waits until it is ready.
  void start_master(const std::vector<std::string>& flags = {});
  // The same in two steps.
  void launch_master(const std::vector<std::string>& flags = {});
  void await_master();
  Process& master() { return *master_; }
  // Starts agent number `number`, and its supervisor, and waits until it is ready.
  void start_agent(int number, const std::vector<std::string>& flags = {});
  void launch_agent(int number, const std::vector<std::string>& flags = {});
  void await_agent(int number);
  Process& agent(int number) { return *agents_.at(number); }
  std::vector<int> agent_numbers() const;  // those that were started
  void await_online(int nodes);
  // The last lines that each program has logged, those that were replaced included.
  std::string log_tails(std::size_t bytes = 4000) const;
  // All lines with this in them, each behind the name of its program.
  std::string log_lines(const std::string& part) const;

  // The pid of an agent's supervisor; -1 while there is none that listens.
  pid_t supervisor(int number) const;
  // Ends the supervisor, and one that is about to start as well. Its agent must have ended.
  void end_supervisor(int number) const;

  // One request on a connection of its own.
  Reply get(const std::string& path) const;
  Reply post(const std::string& path, const std::string& body) const;
  Reply put(const std::string& path, const std::string& body) const;

  // The six calls; each fails the test where the answer is not a success.
  void create(const std::string& name, const std::string& command);
  void create(const std::string& document);
  std::string deploy(const std::string& name);
  int status(const std::string& id) const;
  void stop(const std::string& id) const;
  // Address and status of each node.
  std::vector<std::pair<std::string, int>> nodes() const;

  void await_status(const std::string& id, int status) const;
  // What the first task of the first group has printed so far; empty where that is nothing.
  std::string output(int agent, const std::string& id, const std::string& stream = "stdout") const;

  std::string directory() const { return directory_.path(); }
  std::string state_dir(int agent) const;
  std::uint16_t http_port() const { return http_port_.number(); }
  std::uint16_t agent_port() const { return agent_port_.number(); }

 private:
  static constexpr char kHttpListen[] = "127.0.0.1";

  std::string socket_of(int agent) const;
  std::map<std::string, std::string> logs() const;  // by program
  // Starts a program in the place of `process`, whose log is kept.
  void replace(std::unique_ptr<Process>& process, const std::string& name,
               const std::vector<std::string>& arguments);

  const Surroundings surroundings_;
  TempDir directory_;
  const HeldPort http_port_;
  const HeldPort agent_port_;
  std::unique_ptr<Process> master_;
  std::map<int, std::unique_ptr<Process>> agents_;
  std::map<std::string, std::string> former_logs_;  // the last of them, by program
};

}  // namespace drover::test
