#include "master/http/listener.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "common/log.h"

namespace drover::http {
namespace {

// So many beyond the limit are told that there are too many; more are closed without a word.
constexpr std::size_t kTurnedAwayAtOnce = 256;
// After an error of accept(): file descriptors or memory ran out, which takes a while to mend.
constexpr auto kBackOff = std::chrono::milliseconds(100);
constexpr auto kWarningPeriod = std::chrono::seconds(10);

}  // namespace

Listener::Listener(ListeningSocket socket, std::vector<std::shared_ptr<Worker>> workers,
                   std::size_t max_connections)
    : workers_(std::move(workers)),
      max_connections_(max_connections),
      acceptor_(workers_.front()->executor(), socket.is_v6 ? net::tcp::v6() : net::tcp::v4(),
                socket.fd.release()) {
  net::Awaitable<void> accepting = accept();
  net::asio::co_spawn(acceptor_.get_executor(), std::move(accepting),
                      [this](const std::exception_ptr&) { accepted_all_.set_value(); });
}

void Listener::stop() {
  net::asio::post(acceptor_.get_executor(), [this] {
    net::error_code ignored;
    acceptor_.close(ignored);
  });
  accepted_all_.get_future().wait();
}

net::Awaitable<void> Listener::accept() {
  while (acceptor_.is_open()) {
    Worker& worker = least_loaded();
    net::Socket socket(worker.executor());
    net::error_code error;
    co_await acceptor_.async_accept(socket, net::asio::redirect_error(net::kAwait, error));
    if (!error) {
      hand_over(std::move(socket), worker);
    } else if (acceptor_.is_open() && error != net::asio::error::connection_aborted) {
      co_await back_off(error);
    }
  }
}

void Listener::hand_over(net::Socket socket, Worker& worker) {
  std::size_t open = 0;
  for (const auto& each : workers_) open += each->load();
  if (open >= max_connections_ + kTurnedAwayAtOnce) return;
  worker.adopt(std::move(socket), open >= max_connections_);
}

Worker& Listener::least_loaded() const {
  const auto least = std::min_element(
      workers_.begin(), workers_.end(),
      [](const auto& left, const auto& right) { return left->load() < right->load(); });
  return **least;
}

net::Awaitable<void> Listener::back_off(net::error_code error) {
  const auto now = net::Clock::now();
  if (now - last_warning_ > kWarningPeriod) {
    last_warning_ = now;
    log::warning("http accept failed", {{"error", error.message()}});
  }
  net::Timer timer(acceptor_.get_executor());
  timer.expires_after(kBackOff);
  net::error_code ignored;
  co_await timer.async_wait(net::asio::redirect_error(net::kAwait, ignored));
}

}  // namespace drover::http
