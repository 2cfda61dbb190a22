#include "tests/bench/http/beast_server.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http.hpp>
#include <thread>
#include <utility>
#include <vector>

namespace drover::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

// Without type-erased executors, which cost.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Task = asio::awaitable<void, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait;

constexpr std::size_t kRequestBytes = 8192;

Task serve(Socket socket, std::string body) {
  boost::system::error_code error;
  socket.set_option(tcp::no_delay(true), error);
  boost::beast::flat_static_buffer<kRequestBytes> buffer;
  http::response<http::string_body> response(http::status::ok, 11);
  response.set(http::field::server, "beast");
  response.set(http::field::content_type, "application/json");
  response.body() = body;
  response.prepare_payload();
  auto token = asio::redirect_error(kAwait, error);
  while (!error) {
    http::request<http::string_body> request;
    co_await http::async_read(socket, buffer, request, token);
    if (error) break;
    co_await http::async_write(socket, response, token);
  }
}

}  // namespace

class BeastServer::Parts {
 public:
  Parts(int threads, std::string body) : body_(std::move(body)) {
    for (int i = 0; i < threads; ++i) contexts_.push_back(std::make_unique<asio::io_context>(1));
    acceptor_ = std::make_unique<Acceptor>(
        *contexts_[0], tcp::endpoint(asio::ip::address_v4::loopback(), 0), true);
    asio::co_spawn(*contexts_[0], accept(), asio::detached);
    for (const auto& context : contexts_) {
      threads_.emplace_back([&context = *context] {
        const auto work = asio::make_work_guard(context);
        context.run();
      });
    }
  }

  ~Parts() {
    for (const auto& context : contexts_) context->stop();
    for (std::thread& thread : threads_) thread.join();
    acceptor_.reset();
  }

  std::uint16_t port() const { return acceptor_->local_endpoint().port(); }

 private:
  Task accept() {
    for (std::size_t next = 0;; next = (next + 1) % contexts_.size()) {
      Socket socket(*contexts_[next]);
      boost::system::error_code error;
      auto token = asio::redirect_error(kAwait, error);
      co_await acceptor_->async_accept(socket, token);
      if (error) continue;
      Task serving = serve(std::move(socket), body_);
      asio::co_spawn(*contexts_[next], std::move(serving), asio::detached);
    }
  }

  const std::string body_;
  std::vector<std::unique_ptr<asio::io_context>> contexts_;
  std::unique_ptr<Acceptor> acceptor_;
  std::vector<std::thread> threads_;
};

BeastServer::BeastServer(int threads, const std::string& body)
    : parts_(std::make_unique<Parts>(threads, body)) {}

BeastServer::~BeastServer() = default;

std::uint16_t BeastServer::port() const { return parts_->port(); }

}  // namespace drover::bench
