// P6: status queries a second, beside what Beast does with nothing behind it.
#include <algorithm>
#include <random>

#include "tests/bench/http/beast_server.h"
#include "tests/bench/http/own_master.h"
#include "tests/bench/http/query_load.h"
#include "tests/bench/support/conditions.h"
#include "tests/bench/support/program.h"

namespace drover::bench {
namespace {

constexpr Target kTarget{Aim::at_least, 0.70};

struct Settings {
  std::size_t clients = 64;
  std::size_t live = 1'000;
  std::size_t ended = 100'000;
};

// In no order, as clients ask.
std::vector<std::string> queries(std::uint16_t port, std::vector<InstanceId> ids) {
  std::shuffle(ids.begin(), ids.end(), std::mt19937(1));
  std::vector<std::string> requests;
  for (const InstanceId& id : ids) {
    requests.push_back(
        post_request(port, "/api/task/task_group/query", R"({"id":")" + id.text() + R"("})"));
  }
  return requests;
}

// What was measured of one server, turn by turn.
struct Series {
  std::vector<double> rates;
  std::vector<double> server_cpu;
  std::vector<double> client_cpu;
  std::vector<double> client_busy;

  void add(const QueryTurn& turn) {
    rates.push_back(turn.per_second);
    server_cpu.push_back(turn.server_cpu);
    client_cpu.push_back(turn.client_cpu);
    client_busy.push_back(turn.client_busy);
  }
  boost::json::object details() const {
    return {{"per second", median(rates)},
            {"server CPU us each", median(server_cpu)},
            {"client CPU us each", median(client_cpu)},
            {"client busy", median(client_busy)}};
  }
};

Figure figure_of(const Series& measured, const Series& reference) {
  Figure figure;
  figure.unit = "queries/s";
  figure.figure = median(measured.rates);
  figure.reference =
      Reference{"Beast, one body for every request, in the same process", median(reference.rates)};
  figure.details = {{"Drover", measured.details()},
                    {"Beast", reference.details()},
                    {"server CPU of Beast over Drover's",
                     median(reference.server_cpu) / median(measured.server_cpu)}};
  return figure;
}

void measure(const Options& options, Settings settings, Report& report) {
  if (options.smoke) settings.ended = settings.live = 100;
  OwnMaster master(settings.live, settings.ended);
  const std::string body = R"({"id":")" + master.live().at(0).text() + R"(","status":0})";
  BeastServer beast(master.threads(), body);
  QueryLoad live(master.port(), settings.clients, queries(master.port(), master.live()));
  QueryLoad ended(master.port(), settings.clients, queries(master.port(), master.ended()));
  QueryLoad plain(beast.port(), settings.clients, queries(beast.port(), master.live()));
  for (QueryLoad* load : {&live, &ended, &plain}) load->run(options.turn / 10);  // warms up

  Series of_live;
  Series of_ended;
  Series of_plain;
  for (int i = 0; i < options.turns; ++i) {
    of_live.add(live.run(options.turn));
    of_plain.add(plain.run(options.turn));
    of_ended.add(ended.run(options.turn));
  }
  Figure first = figure_of(of_live, of_plain);
  first.id = "P6";
  first.what = "status queries (the seed's) of instances that run";
  first.target = kTarget;
  first.conditions = {{"clients", settings.clients},
                      {"client threads", 1},
                      {"server threads", master.threads()},
                      {"instances that run", settings.live},
                      {"instances that have ended", settings.ended},
                      {"file system", file_system_of(master.directory())},
                      {"turns", options.turns},
                      {"turn ms", options.turn.count()}};
  Figure second = figure_of(of_ended, of_plain);
  second.id = "P6.ended";
  second.what = "the same of instances that have ended, which are read from the store";
  second.conditions = first.conditions;
  report.add(std::move(first));
  report.add(std::move(second));
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) {
  using namespace drover::bench;
  Settings settings;
  Program program;
  program.description = "Status queries over HTTP (P6)";
  program.defaults.turn = std::chrono::seconds(3);
  program.declare = [&settings](CLI::App& app) {
    app.add_option("--clients", settings.clients, "Keep-alive connections")->capture_default_str();
    app.add_option("--live", settings.live, "Instances that run")->capture_default_str();
    app.add_option("--ended", settings.ended, "Instances in the history")->capture_default_str();
  };
  program.measure = [&settings](const Options& options, Report& report) {
    measure(options, settings, report);
  };
  return run(argc, argv, program);
}
