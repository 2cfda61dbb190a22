#include "master/http/server.h"

#include <sys/resource.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "master/http/listener.h"
#include "master/http/listening_socket.h"
#include "master/http/worker.h"

namespace drover::http {
namespace {

// File descriptors for everything that is no HTTP connection: agents, the store, the log.
constexpr std::size_t kOtherDescriptors = 16'384;

int thread_count(int wanted) {
  if (wanted > 0) return wanted;
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, 8);
}

void raise_descriptor_limit(std::size_t max_connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min<rlim_t>(max_connections + kOtherDescriptors, limit.rlim_max);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  // Without it connections are accepted as far as descriptors go.
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

}  // namespace

class Server::Parts {
 public:
  Parts(std::uint16_t port, std::vector<std::shared_ptr<Worker>> workers,
        std::unique_ptr<Listener> listener)
      : port_(port), workers_(std::move(workers)), listener_(std::move(listener)) {}

  std::uint16_t port() const { return port_; }

  void stop() {
    if (std::exchange(stopped_, true)) return;
    // First, so that no worker gets a connection after it has found that it has none.
    listener_->stop();
    for (const auto& worker : workers_) worker->begin_stop();
    for (const auto& worker : workers_) worker->join();
  }

 private:
  const std::uint16_t port_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::unique_ptr<Listener> listener_;  // its acceptor belongs to the first worker
  bool stopped_ = false;
};

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Services services) {
  raise_descriptor_limit(options.max_connections);
  auto socket = open_listening_socket(options.listen);
  if (!socket) return socket.error();
  const Endpoint bound{options.listen.host, socket->port};

  auto shared = std::make_shared<const Shared>(Shared{services, Guard(bound), options.timeouts});
  std::vector<std::shared_ptr<Worker>> workers;
  for (int i = 0; i < thread_count(options.threads); ++i) {
    workers.push_back(std::make_shared<Worker>(shared));
  }
  auto listener = std::make_unique<Listener>(*std::move(socket), workers, options.max_connections);
  for (std::size_t i = 0; i < workers.size(); ++i) workers[i]->start(static_cast<int>(i));
  return std::unique_ptr<Server>(
      new Server(std::make_unique<Parts>(bound.port, std::move(workers), std::move(listener))));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return parts_->port(); }

void Server::stop() { parts_->stop(); }

}  // namespace drover::http
