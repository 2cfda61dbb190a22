// P3: what the master costs with many agents that have nothing to do but to beat, beside a gRPC
// server that only reads what they say.
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/agents/open_files.h"
#include "tests/bench/support/cpu_time.h"
#include "tests/bench/support/memory.h"
#include "tests/bench/support/program.h"
#include "tests/bench/support/report.h"
#include "tests/support/cluster.h"
#include "tests/support/process.h"

namespace drover::bench {
namespace {

using namespace std::chrono_literals;

const std::string kPrograms = DROVER_BENCH_DIR;

struct Load {
  std::size_t agents = 10'000;
  std::chrono::milliseconds heartbeat = 5s;
  std::chrono::milliseconds dial_over = 15s;
  std::chrono::milliseconds settle = 10s;  // from the last welcome until it is measured
};

std::string ms(std::chrono::milliseconds time) { return std::to_string(time.count()) + "ms"; }

std::vector<std::string> told_to_agents(const Load& load) {
  return {"--heartbeat-interval", ms(load.heartbeat), "--lease", ms(3 * load.heartbeat)};
}

// Simulated nodes as a process of their own.
class Agents {
 public:
  Agents(const Load& load, std::uint16_t port)
      : process_({kPrograms + "/drover-bench-agents", "--agents", std::to_string(load.agents),
                  "--master", "127.0.0.1:" + std::to_string(port), "--dial-over",
                  ms(load.dial_over), "--report-every", "0s"}) {}

  // While none is dialling any more.
  void await_all() { await("all open", 5min); }

  struct Counted {
    std::uint64_t open = 0;
    std::uint64_t lost = 0;
    std::uint64_t messages = 0;
  };
  Counted count() {
    process_.signal(SIGUSR1);
    const std::string line = await("asked=" + std::to_string(++questions_) + " ", 30s);
    return {number(line, "open"), number(line, "lost"), number(line, "messages_sent")};
  }

  pid_t pid() const { return process_.pid(); }

 private:
  std::string await(const std::string& text, std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (process_.output().find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() > until) {
        throw std::runtime_error("the agents do not say '" + text + "'");
      }
      let_pass(1ms);
    }
    return process_.await_line(text).value_or("");
  }
  static std::uint64_t number(const std::string& line, const std::string& key) {
    return std::stoull(test::field(line, key));
  }

  test::Process process_;
  int questions_ = 0;
};

struct Sample {
  double cpu_us_per_message = 0;
  double cpu_percent = 0;  // of one core
  double system_share = 0;
  double client_percent = 0;
  double elsewhere_percent = 0;
  double messages_per_second = 0;
  double bytes_per_agent = 0;
  double anonymous_per_agent = 0;
};

// What all processes have taken when the agents had sent so many messages.
struct Moment {
  Agents::Counted counted;
  std::chrono::steady_clock::time_point time;
  double server = 0;
  double server_system = 0;
  double client = 0;
  double machine = 0;
};

Moment look_at(pid_t server, Agents& agents) {
  Moment moment;
  moment.counted = agents.count();
  moment.time = std::chrono::steady_clock::now();
  moment.server = process_cpu(server);
  moment.server_system = process_system_cpu(server);
  moment.client = process_cpu(agents.pid());
  moment.machine = machine_cpu();
  return moment;
}

Sample between(const Moment& begin, const Moment& end) {
  const double seconds = std::chrono::duration<double>(end.time - begin.time).count();
  const auto messages = static_cast<double>(end.counted.messages - begin.counted.messages);
  const double server = end.server - begin.server;
  const double client = end.client - begin.client;
  Sample sample;
  sample.cpu_us_per_message = messages > 0 ? server * 1e6 / messages : 0;
  sample.cpu_percent = 100 * server / seconds;
  sample.system_share = server > 0 ? (end.server_system - begin.server_system) / server : 0;
  sample.client_percent = 100 * client / seconds;
  sample.elsewhere_percent = 100 * (end.machine - begin.machine - server - client) / seconds;
  sample.messages_per_second = messages / seconds;
  return sample;
}

// `server` has just started and has no agent yet.
Sample measure(const Load& load, const Options& options, pid_t server, std::uint16_t port) {
  const Memory empty = memory_of(server);
  Agents agents(load, port);
  agents.await_all();
  let_pass(load.settle);
  const Moment begin = look_at(server, agents);
  let_pass(options.turn);
  const Moment end = look_at(server, agents);
  if (end.counted.open != load.agents || end.counted.lost != 0) {
    throw std::runtime_error("agents lost their sessions while it was measured");
  }
  Sample sample = between(begin, end);
  const Memory full = memory_of(server);
  const auto count = static_cast<double>(load.agents);
  sample.bytes_per_agent = (full.proportional - empty.proportional) / count;
  sample.anonymous_per_agent = (full.anonymous - empty.anonymous) / count;
  return sample;
}

Sample measure_master(const Load& load, const Options& options) {
  test::Cluster cluster;
  cluster.start_master(told_to_agents(load));
  return measure(load, options, cluster.master().pid(), cluster.agent_port());
}

Sample measure_bare(const Load& load, const Options& options) {
  std::vector<std::string> command = told_to_agents(load);
  command.insert(command.begin(), kPrograms + "/drover-bench-bare-streams");
  test::Process server(command);
  const auto ready = server.await_line(" ready ");
  if (!ready) throw std::runtime_error("the bare server did not start");
  const std::string address = test::field(*ready, "agents");
  const int port = std::stoi(address.substr(address.rfind(':') + 1));
  return measure(load, options, server.pid(), static_cast<std::uint16_t>(port));
}

double middle(const std::vector<Sample>& samples, double Sample::*field) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(sample.*field);
  return median(std::move(values));
}

boost::json::object details_of(const std::vector<Sample>& samples) {
  boost::json::array each;
  for (const Sample& sample : samples) each.push_back(sample.cpu_us_per_message);
  return {{"cpu_percent_of_a_core", middle(samples, &Sample::cpu_percent)},
          {"of_it_in_the_kernel", middle(samples, &Sample::system_share)},
          {"messages_per_second", middle(samples, &Sample::messages_per_second)},
          {"client_percent_of_a_core", middle(samples, &Sample::client_percent)},
          {"elsewhere_percent_of_a_core", middle(samples, &Sample::elsewhere_percent)},
          {"kb_per_agent", middle(samples, &Sample::bytes_per_agent) / 1000},
          {"anonymous_kb_per_agent", middle(samples, &Sample::anonymous_per_agent) / 1000},
          {"each_turn_us_per_message", each}};
}

boost::json::object conditions_of(const Load& load, const Options& options) {
  return {{"agents", load.agents},
          {"nodes", "simulated; a connection and a stream each, over loopback"},
          {"tasks", 0},
          {"heartbeat_interval_ms", load.heartbeat.count()},
          {"turn_ms", options.turn.count()},
          {"turns", options.turns}};
}

void report(const std::vector<Sample>& master, const std::vector<Sample>& bare, const Load& load,
            const Options& options, Report& report) {
  Figure cpu;
  cpu.id = "P3";
  cpu.what = "the master's CPU time for each message of an agent, all else it does included";
  cpu.unit = "us";
  cpu.figure = middle(master, &Sample::cpu_us_per_message);
  cpu.reference = {"a gRPC server that reads them and does nothing",
                   middle(bare, &Sample::cpu_us_per_message)};
  cpu.target = {Aim::at_most, 1.3};
  cpu.conditions = conditions_of(load, options);
  cpu.details = {{"master", details_of(master)}, {"bare server", details_of(bare)}};
  report.add(cpu);

  Figure memory;
  memory.id = "P3.memory";
  // Not what is proportional: of the libraries, which are there before, the agents take a share.
  memory.what = "memory of no file that the master takes for each agent";
  memory.unit = "KB";
  memory.figure = middle(master, &Sample::anonymous_per_agent) / 1000;
  memory.target = {Aim::at_most, 60};
  memory.conditions = conditions_of(load, options);
  memory.details = {{"proportional", middle(master, &Sample::bytes_per_agent) / 1000},
                    {"bare server", middle(bare, &Sample::anonymous_per_agent) / 1000},
                    {"bare server, proportional", middle(bare, &Sample::bytes_per_agent) / 1000}};
  report.add(memory);
}

void run_turns(Load load, const Options& options, Report& out) {
  if (options.smoke) load = {20, 100ms, 0ms, 0ms};
  if (const Status raised = allow_connections(load.agents); !raised) {
    throw std::runtime_error(raised.error().message);
  }
  std::vector<Sample> master;
  std::vector<Sample> bare;
  for (int turn = 0; turn < options.turns; ++turn) {
    master.push_back(measure_master(load, options));
    bare.push_back(measure_bare(load, options));
  }
  report(master, bare, load, options, out);
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) {
  using namespace drover::bench;
  Options defaults;
  defaults.turn = 20s;
  defaults.turns = 3;
  Load load;
  return run(argc, argv,
             {"What the master costs with many agents.",
              [&load](const Options& options, Report& report) { run_turns(load, options, report); },
              [&load](CLI::App& app) {
                app.add_option("--agents", load.agents, "How many")->capture_default_str();
              },
              defaults});
}
