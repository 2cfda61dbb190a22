// drover-master: the HTTP API, the agents' side, and the engine with its store between them.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "common/clock.h"
#include "common/duration.h"
#include "common/endpoint.h"
#include "common/files.h"
#include "common/limits.h"
#include "common/log.h"
#include "common/service.h"
#include "master/agents/output_hub.h"
#include "master/agents/registry.h"
#include "master/agents/server.h"
#include "master/core/state.h"
#include "master/engine/engine.h"
#include "master/engine/view.h"
#include "master/http/routes.h"
#include "master/http/server.h"
#include "master/metrics/measured_store.h"
#include "master/metrics/metrics.h"
#include "master/store/store.h"

namespace drover {
namespace {

using namespace std::chrono_literals;

constexpr char kProgram[] = "drover-master";

std::string text_of(std::chrono::seconds duration) {
  return std::to_string(duration.count()) + "s";
}

struct Flags {
  std::string data_dir = "/var/lib/drover-master";
  std::string http_listen = "127.0.0.1:8420";
  std::string agent_listen = "127.0.0.1:8421";
  bool insecure = false;
  std::uint64_t minimum_epoch = 1;
  std::string lease = text_of(limits::kLease);
  std::string heartbeat_interval = text_of(limits::kHeartbeatInterval);
  std::string lost_after = text_of(limits::kLostAfter);
};

void declare(CLI::App& app, Flags& flags) {
  app.add_option("--data-dir", flags.data_dir, "Directory of the store")->capture_default_str();
  app.add_option("--http-listen", flags.http_listen, "ADDRESS:PORT of the HTTP API; port 0: any")
      ->capture_default_str();
  app.add_option("--agent-listen", flags.agent_listen, "ADDRESS:PORT for agents; port 0: any")
      ->capture_default_str();
  app.add_option("--minimum-epoch", flags.minimum_epoch,
                 "After going back to an older copy of the data: above what the agents have obeyed")
      ->capture_default_str();
  app.add_option("--lease", flags.lease, "A node not heard of for so long is offline")
      ->capture_default_str();
  app.add_option("--heartbeat-interval", flags.heartbeat_interval,
                 "How often agents are to be heard; a third of the lease at the most")
      ->capture_default_str();
  app.add_option("--lost-after", flags.lost_after,
                 "Offline for so long, what ran on a node is lost or replaced, unless its group "
                 "says otherwise")
      ->capture_default_str();
  app.add_flag("--insecure", flags.insecure,
               "Listen on other than loopback addresses without authentication or encryption");
}

struct Endpoints {
  Endpoint http;
  Endpoint agent;
};

Result<Endpoint> parse_listen(const std::string& flag, const std::string& text, bool insecure) {
  auto endpoint = parse_endpoint(text);
  if (!endpoint) return Error{ErrorKind::invalid, "--" + flag + ": " + endpoint.error().message};
  if (!endpoint->is_loopback() && !insecure) {
    return Error{ErrorKind::invalid,
                 "--" + flag + " " + text +
                     " is not a loopback address: whoever can reach it could run commands on every "
                     "node; listen on 127.0.0.1, or accept that with --insecure"};
  }
  return endpoint;
}

Result<Endpoints> parse_endpoints(const Flags& flags) {
  auto http = parse_listen("http-listen", flags.http_listen, flags.insecure);
  if (!http) return http.error();
  auto agent = parse_listen("agent-listen", flags.agent_listen, flags.insecure);
  if (!agent) return agent.error();
  return Endpoints{*http, *agent};
}

Result<std::chrono::milliseconds> parse_time(const std::string& flag, const std::string& text,
                                             std::chrono::milliseconds shortest,
                                             std::chrono::milliseconds longest) {
  auto duration = parse_duration(text);
  if (!duration) return Error{ErrorKind::invalid, "--" + flag + ": " + duration.error().message};
  if (*duration < shortest || *duration > longest) {
    return Error{ErrorKind::invalid, "--" + flag + " " + text + " must be from " +
                                         std::to_string(shortest.count()) + "ms to " +
                                         std::to_string(longest.count()) + "ms"};
  }
  return duration;
}

Result<core::Settings> parse_settings(const Flags& flags) {
  const auto interval =
      parse_time("heartbeat-interval", flags.heartbeat_interval, limits::kShortestHeartbeatInterval,
                 limits::kLongestLease / limits::kHeartbeatsPerLease);
  if (!interval) return interval.error();
  const auto lease = parse_time("lease", flags.lease, limits::kHeartbeatsPerLease * *interval,
                                limits::kLongestLease);
  if (!lease) return lease.error();
  const auto lost_after =
      parse_time("lost-after", flags.lost_after, 0ms, limits::kLongestLostAfter);
  if (!lost_after) return lost_after.error();
  return core::Settings{*lease, *interval, *lost_after};
}

// Said once; from then on each refused request says it again to whoever asked.
void say_read_only(const std::string& reason) {
  log::error("read-only: the store failed",
             {{"reason", reason},
              {"serves", "what is recorded; tasks run on"},
              {"to_do", "mend the disk or make room, then start the master again"}});
  notify_status("read-only: the store failed: " + reason);
}

void tell_of_silent(const engine::Schedules& schedules) {
  for (const std::string& schedule : schedules.broken()) {
    log::error("schedule runs nothing; give its template another one", {{"schedule", schedule}});
  }
  for (const std::string& name : schedules.silent(unix_now_ms())) {
    log::error("schedule runs nothing for long: it was last run by a clock that was far ahead",
               {{"template", name}, {"to_do", "give it other times, and these again"}});
  }
}

Status serve(const Flags& flags, const Endpoints& endpoints, const core::Settings& settings) {
  if (auto made = ensure_directory(flags.data_dir); !made) return made.error();
  auto store = store::open_rocksdb(flags.data_dir);
  if (!store) return store.error();
  auto loaded = (*store)->load();
  if (!loaded) return loaded.error();
  for (const std::string& record : loaded->set_aside) {
    log::error("record cannot be read and is quarantined", {{"record", record}});
  }
  const Epoch epoch{std::max(loaded->last_epoch.value + 1, flags.minimum_epoch)};
  if (auto begun = (*store)->begin_epoch(epoch); !begun) return begun.error();
  log::info("store opened", {{"directory", flags.data_dir},
                             {"epoch", epoch.value},
                             {"index", loaded->last_index.value},
                             {"templates", loaded->records.templates.size()},
                             {"instances", loaded->records.instances.size()},
                             {"nodes", loaded->records.nodes.size()}});

  metrics::Metrics metrics(http::routes().size());
  metrics::MeasuredStore measured(**store, metrics);
  core::State state = core::rebuild(std::move(loaded->records), settings, steady_now());
  engine::View view(state);
  agents::SessionRegistry registry;
  agents::OutputHub outputs(registry, epoch);
  engine::Engine engine(std::move(state), loaded->last_index, measured, view, registry,
                        {say_read_only});

  tell_of_silent(engine.schedules());

  auto agent_server =
      agents::AgentServer::start(endpoints.agent, epoch, settings, engine, registry, outputs);
  if (!agent_server) return agent_server.error();
  http::ServerOptions http_options;
  http_options.listen = endpoints.http;
  auto http_server = http::Server::start(http_options, {engine, view, measured, outputs, metrics});
  if (!http_server) return http_server.error();
  engine.start();

  const auto listening = [](const Endpoint& asked, std::uint16_t port) {
    return Endpoint{asked.host, port}.text();
  };
  log::info("ready", {{"version", DROVER_VERSION},
                      {"http", listening(endpoints.http, (*http_server)->port())},
                      {"agents", listening(endpoints.agent, (*agent_server)->port())}});
  notify_ready();
  const int signal = wait_for_stop_signal([&engine] {
    if (engine.is_alive()) notify_watchdog();
  });
  log::info("stopping", {{"signal", signal}});
  notify_stopping();
  // From the outside in: no new requests, no agents, then what the engine still has to do.
  (*http_server)->stop();
  (*agent_server)->stop();
  engine.stop();
  log::info("stopped");
  return Done{};
}

int run(int argc, const char* const* argv) {
  CLI::App app("The master of Drover: serves the HTTP API and tells agents what to run.", kProgram);
  Flags flags;
  declare(app, flags);
  const ParsedFlags parsed = parse_flags(app, argc, argv);
  if (!parsed.go_on) return parsed.exit_status;
  const auto endpoints = parse_endpoints(flags);
  if (!endpoints) {
    fail(kProgram, endpoints.error().message);
    return kUsageExit;
  }
  const auto settings = parse_settings(flags);
  if (!settings) {
    fail(kProgram, settings.error().message);
    return kUsageExit;
  }
  block_stop_signals();
  if (flags.insecure) {
    log::warning("insecure: no authentication and no encryption",
                 {{"http", flags.http_listen}, {"agents", flags.agent_listen}});
  }
  if (const Status served = serve(flags, *endpoints, *settings); !served) {
    return fail(kProgram, served.error().message);
  }
  return 0;
}

}  // namespace
}  // namespace drover

int main(int argc, char** argv) { return drover::run(argc, argv); }
