#include "tests/bench/path/throughput.h"

#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/bench/support/program.h"
#include "tests/support/process.h"

namespace drover::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr char kTemplate[] = "bench";
constexpr char kTask[] = "/bin/true";
constexpr std::uint32_t kEvents = ~0U;             // the key of the stream
constexpr std::chrono::milliseconds kGlance{100};  // between two looks at the clock, at most

// The text between `begin` and the character `end`; empty where there is none.
std::string_view between(std::string_view json, std::string_view begin, char end) {
  const std::size_t place = json.find(begin);
  if (place == json.npos) return "";
  const std::string_view rest = json.substr(place + begin.size());
  return rest.substr(0, rest.find(end));
}

std::string id_behind(std::string_view key, std::string_view json) {
  std::string id(between(json, key, '"'));
  if (id.empty()) throw std::runtime_error("no id in " + std::string(json));
  return id;
}

// Makes the template, runs a task of it to its end, and returns the index behind which the stream
// is to begin: a store with much in it has many events before that.
std::string begin_of_events(LocalCluster& cluster) {
  cluster.programs().create(kTemplate, kTask);
  const std::string id = cluster.programs().deploy(kTemplate);
  const test::Reply reply =
      cluster.programs().get("/api/v1/instances/" + id + "?wait=terminal&timeout=30s");
  const std::string index(between(reply.body, "\"index\":", ','));
  if (index.empty()) throw std::runtime_error("an instance without index: " + reply.body);
  return index;
}

}  // namespace

void Turns::add(const Turn& turn) {
  rates.push_back(turn.tasks_per_second);
  tasks += static_cast<double>(turn.tasks);
  seconds += turn.seconds;
  costs += turn.costs;
}

boost::json::object Turns::details() const {
  const double all = seconds * std::thread::hardware_concurrency();
  return {{"tasks", tasks},
          {"CPU us each", costs.each(tasks)},
          {"cores busy", costs.machine / all},
          {"with ours", costs.ours() / all}};
}

DeployLoad::DeployLoad(LocalCluster& cluster, std::size_t clients)
    : cluster_(cluster),
      events_(cluster.http_port(),
              "/api/v1/events?follow=true&kind=instance.state&after=" + begin_of_events(cluster)),
      request_(post_request(cluster.http_port(), "/api/task/task_group/deploy",
                            std::string(R"({"name":")") + kTemplate + "\"}")) {
  readiness_.add(events_.fd(), kEvents);
  for (std::size_t i = 0; i < clients; ++i) {
    clients_.emplace_back(cluster.http_port());
    readiness_.add(clients_.back().fd(), static_cast<std::uint32_t>(i));
    free_.push_back(i);
  }
}

Turn DeployLoad::run(std::chrono::milliseconds time, std::size_t in_flight) {
  const Costs before = cluster_.costs();
  const std::uint64_t ended_before = ended_;
  const auto begin = Clock::now();
  while (Clock::now() < begin + time) {
    deploy_on_free(in_flight);
    look(kGlance);
    throw_if_interrupted();
  }
  const std::chrono::duration<double> took = Clock::now() - begin;
  Turn turn;
  turn.tasks = ended_ - ended_before;
  turn.seconds = took.count();
  turn.tasks_per_second = static_cast<double>(turn.tasks) / took.count();
  turn.costs = cluster_.costs() - before;
  drain();
  return turn;
}

void DeployLoad::deploy_on_free(std::size_t in_flight) {
  while (!free_.empty() && on_their_way_ < in_flight) {
    clients_[free_.back()].send(request_);
    free_.pop_back();
    ++on_their_way_;
  }
}

void DeployLoad::look(std::chrono::milliseconds most) {
  for (const epoll_event& event : readiness_.wait(most)) {
    if (event.data.u32 == kEvents) {
      events_.receive([this](std::string_view line) { take_event(line); });
    } else {
      take_answer(event.data.u32);
    }
  }
}

void DeployLoad::take_answer(std::size_t client) {
  const auto body = clients_[client].receive();
  if (!body) return;
  free_.push_back(client);
  std::string id = id_behind(R"("id":")", *body);
  if (told_.erase(id) == 0) answered_.insert(std::move(id));
}

void DeployLoad::take_event(std::string_view line) {
  const std::string_view state = between(line, R"("state":")", '"');
  if (state == "starting" || state == "running") return;
  if (state != "completed") throw std::runtime_error("not a success: " + std::string(line));
  std::string id = id_behind(R"("instance":")", line);
  if (answered_.erase(id) == 0 && !told_.insert(std::move(id)).second) {
    throw std::runtime_error("told of twice: " + std::string(line));
  }
  --on_their_way_;
  ++ended_;
}

void DeployLoad::drain() {
  const auto until = Clock::now() + test::kPatience;
  while (on_their_way_ > 0 || free_.size() < clients_.size()) {
    if (Clock::now() > until) throw std::runtime_error("some tasks do not end");
    look(kGlance);
    throw_if_interrupted();
  }
  if (!answered_.empty() || !told_.empty()) throw std::runtime_error("an end without its task");
}

SpawnTurn run_spawn_loop(std::chrono::milliseconds time, int in_flight) {
  test::Process loop(
      {DROVER_SPAWN_LOOP, std::to_string(time.count()), std::to_string(in_flight), kTask});
  if (loop.wait() != 0) {
    throw_if_interrupted();
    throw std::runtime_error("the spawn loop failed: " + loop.output());
  }
  std::istringstream output(loop.output());
  double count = 0;
  double nanoseconds = 0;
  double cpu = 0;
  output >> count >> nanoseconds >> cpu;
  return {count * 1e9 / nanoseconds, cpu / count};
}

}  // namespace drover::bench
