#include "tests/bench/growth/questions.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <random>
#include <stdexcept>

#include "tests/bench/support/cpu_time.h"
#include "tests/bench/support/program.h"

namespace drover::bench {
namespace {

std::vector<InstanceId> shuffled(std::vector<InstanceId> ids) {
  std::shuffle(ids.begin(), ids.end(), std::mt19937(1));
  return ids;
}

}  // namespace

Questions::Questions(std::uint16_t port, std::vector<InstanceId> subjects,
                     const std::vector<InstanceId>& newest)
    : port_(port), subjects_(shuffled(subjects)), connection_(port), stream_(port) {
  // The newest come first, and the cursor is the last of the page before.
  list_ = get_request(port, "/api/v1/instances?limit=" + std::to_string(kPage) +
                                "&cursor=" + subjects.at(subjects.size() / 2).text());
  const std::string first = newest.at(newest.size() - 1 - kPage).text();
  const std::string answer = ask(get_request(port, "/api/v1/instances/" + first));
  const auto index = boost::json::parse(answer).at("index").to_number<std::uint64_t>();
  events_ = get_request(port, "/api/v1/events?after=" + std::to_string(index));
}

void Questions::status() {
  const InstanceId& id = subjects_[next_++ % subjects_.size()];
  ask(post_request(port_, "/api/task/task_group/query", R"({"id":")" + id.text() + R"("})"));
}

void Questions::list() { ask(list_); }

void Questions::events() {
  // It comes in chunks, of which the last is empty.
  std::string answer;
  stream_.send(events_);
  while (!answer.ends_with("\r\n0\r\n\r\n")) {
    throw_if_interrupted();
    if (!received_.read_from(stream_.fd())) throw std::runtime_error("the server has closed");
    answer += received_.view();
    received_.consume(received_.view().size());
  }
  const auto lines = static_cast<std::size_t>(std::count(answer.begin(), answer.end(), '\n'));
  if (lines < kPage) throw std::runtime_error("instead of events: " + answer);
}

void Questions::deploy() {
  ask(post_request(port_, "/api/v1/instances", R"({"template":"work"})"));
}

std::string Questions::ask(const std::string& request) {
  connection_.send(request);
  for (;;) {
    throw_if_interrupted();
    if (const auto body = connection_.receive()) return std::string(*body);
  }
}

double server_cpu_of(const std::function<void()>& question, std::chrono::nanoseconds time,
                     int most) {
  const double process_before = process_cpu(::getpid());
  const double thread_before = thread_cpu();
  const auto until = std::chrono::steady_clock::now() + time;
  int asked = 0;
  do {
    question();
    ++asked;
  } while (asked < most && std::chrono::steady_clock::now() < until);
  const double client = thread_cpu() - thread_before;
  return (process_cpu(::getpid()) - process_before - client) * 1e6 / asked;
}

}  // namespace drover::bench
