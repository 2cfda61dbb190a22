// Accepts connections and gives each to the worker that has the fewest.
#pragma once

#include <cstddef>
#include <future>
#include <memory>
#include <vector>

#include "master/http/listening_socket.h"
#include "master/http/net.h"
#include "master/http/worker.h"

namespace drover::http {

// Works on the thread of the first worker. The workers must outlive it.
class Listener {
 public:
  // `workers`: at least one, none of them started yet.
  Listener(ListeningSocket socket, std::vector<std::shared_ptr<Worker>> workers,
           std::size_t max_connections);

  // Closes the port. When it returns, all that was accepted is with its worker. Once; on any thread
  // but the workers', which must be running still.
  void stop();

 private:
  net::Awaitable<void> accept();
  void hand_over(net::Socket socket, Worker& worker);
  Worker& least_loaded() const;
  net::Awaitable<void> back_off(net::error_code error);

  const std::vector<std::shared_ptr<Worker>> workers_;
  const std::size_t max_connections_;
  net::Acceptor acceptor_;
  std::promise<void> accepted_all_;
  net::Clock::time_point last_warning_{};
};

}  // namespace drover::http
