#include "tests/bench/http/query_load.h"

#include <unistd.h>

#include <stdexcept>

#include "tests/bench/support/cpu_time.h"
#include "tests/bench/support/program.h"

namespace drover::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kPatience{10};

}  // namespace

QueryLoad::QueryLoad(std::uint16_t port, std::size_t clients, std::vector<std::string> requests)
    : requests_(std::move(requests)) {
  for (std::size_t i = 0; i < clients; ++i) {
    clients_.emplace_back(port);
    readiness_.add(clients_.back().fd(), static_cast<std::uint32_t>(i));
  }
}

QueryTurn QueryLoad::run(std::chrono::milliseconds time) {
  const double process_before = process_cpu(::getpid());
  const double thread_before = thread_cpu();
  const auto begin = Clock::now();
  std::uint64_t answers = 0;
  std::size_t under_way = clients_.size();
  for (std::size_t client = 0; client < clients_.size(); ++client) ask(client);
  for (auto now = begin; under_way > 0; now = Clock::now()) {
    const auto ready = readiness_.wait(kPatience);
    throw_if_interrupted();
    if (ready.empty()) throw std::runtime_error("the server does not answer");
    for (const epoll_event& event : ready) {
      if (!clients_[event.data.u32].receive()) continue;
      ++answers;
      if (now < begin + time) {
        ask(event.data.u32);
      } else {
        --under_way;
      }
    }
  }
  const std::chrono::duration<double> took = Clock::now() - begin;
  const double client = thread_cpu() - thread_before;
  const double server = process_cpu(::getpid()) - process_before - client;
  const auto count = static_cast<double>(answers);
  return {count / took.count(), server * 1e6 / count, client * 1e6 / count, client / took.count()};
}

void QueryLoad::ask(std::size_t client) {
  clients_[client].send(requests_[next_]);
  if (++next_ == requests_.size()) next_ = 0;
}

}  // namespace drover::bench
