#include "master/http/worker.h"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <string>

#include "common/log.h"
#include "master/http/connection.h"

namespace drover::http {
namespace {

constexpr std::size_t kReceiveBytes = 64 * 1024;

// After the deadline of a stop, how long a connection has to notice that it was cut. One that still
// waits for the engine then is abandoned.
constexpr auto kCutTime = std::chrono::milliseconds(500);

// Deadlines are met within a quarter of the shortest.
std::chrono::milliseconds sweep_period(const Timeouts& timeouts) {
  const auto shortest = std::min({timeouts.header, timeouts.body, timeouts.idle, timeouts.write,
                                  timeouts.drain, timeouts.quiet, timeouts.stop});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

void report(const std::exception_ptr& failure) {
  if (failure == nullptr) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& exception) {
    log::error("http connection failed", {{"error", exception.what()}});
  }
}

}  // namespace

Worker::Worker(std::shared_ptr<const Shared> shared)
    : shared_(std::move(shared)),
      receive_buffer_(kReceiveBytes),
      connections_(std::make_unique<List>()) {}

Worker::~Worker() = default;

void Worker::start(int number) {
  net::Awaitable<void> sweeping = sweep();
  net::asio::co_spawn(executor(), std::move(sweeping),
                      [](const std::exception_ptr& failure) { report(failure); });
  thread_ = std::thread([this, number] {
    const std::string name = "http-" + std::to_string(number);
    ::pthread_setname_np(::pthread_self(), name.c_str());
    context_.run();
  });
}

void Worker::adopt(net::Socket socket, bool turned_away) {
  load_.fetch_add(1, std::memory_order_relaxed);
  net::Awaitable<void> serving = serve(std::move(socket), turned_away);
  net::asio::co_spawn(executor(), std::move(serving), [this](const std::exception_ptr& failure) {
    load_.fetch_sub(1, std::memory_order_relaxed);
    report(failure);
    if (stopping_) sweep_timer_.cancel();
  });
}

net::Awaitable<void> Worker::serve(net::Socket socket, bool turned_away) {
  Connection connection(*this, std::move(socket));
  if (turned_away) {
    co_await connection.turn_away();
  } else {
    co_await connection.serve();
  }
}

void Worker::enlist(Connection& connection) { connections_->push_back(connection); }

void Worker::begin_stop() {
  net::asio::post(context_, [this] {
    stopping_ = true;
    stop_deadline_ = net::Clock::now() + shared_->timeouts.stop;
    for (Connection& connection : *connections_) {
      connection.end_if_idle();
      connection.end_listening();
    }
    sweep_timer_.cancel();
  });
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

// One timer for all deadlines of all connections. It is cancelled when there is something to see
// before its time.
net::Awaitable<void> Worker::sweep() {
  const auto period = sweep_period(shared_->timeouts);
  while (!stopping_ || load() > 0) {
    net::error_code ignored;
    sweep_timer_.expires_after(period);
    co_await sweep_timer_.async_wait(net::asio::redirect_error(net::kAwait, ignored));
    const auto now = net::Clock::now();
    for (Connection& connection : *connections_) connection.check_deadline(now);
    if (stopping_ && now > stop_deadline_) end_all();
    if (stopping_ && now > stop_deadline_ + kCutTime) context_.stop();
  }
}

void Worker::end_all() {
  for (Connection& connection : *connections_) connection.cut();
}

}  // namespace drover::http
