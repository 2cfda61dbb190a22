// A thread that serves connections, each from its first byte to its last.
#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "master/http/guard.h"
#include "master/http/net.h"
#include "master/http/server.h"
#include "master/http/services.h"

namespace drover::http {

class Connection;

// What all connections share. Immutable.
struct Shared {
  Services services;
  Guard guard;
  Timeouts timeouts;
};

using ConnectionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// Held by shared pointers: a reply of the engine that comes after the thread was cut off still
// finds the executor that it is posted to.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  explicit Worker(std::shared_ptr<const Shared> shared);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // --- Any thread ---
  void start(int number);
  net::Executor executor() { return context_.get_executor(); }
  // Serves a connection whose socket has this worker's executor. `turned_away`: answers that there
  // are too many, and closes.
  void adopt(net::Socket socket, bool turned_away);
  // Connections that are adopted and not over.
  std::size_t load() const { return load_.load(std::memory_order_relaxed); }
  void begin_stop();
  // Waits for the end of the thread, which comes at most a little later than Timeouts::stop.
  void join();

  // --- The worker's thread only ---
  const Shared& shared() const { return *shared_; }
  bool stopping() const { return stopping_; }
  // One buffer for all connections; its content is valid until the connection waits.
  std::span<char> receive_buffer() { return receive_buffer_; }
  void enlist(Connection& connection);

 private:
  using List = boost::intrusive::list<Connection, boost::intrusive::base_hook<ConnectionHook>,
                                      boost::intrusive::constant_time_size<false>>;

  net::Awaitable<void> serve(net::Socket socket, bool turned_away);
  net::Awaitable<void> sweep();
  void end_all();

  const std::shared_ptr<const Shared> shared_;
  std::thread thread_;
  std::atomic<std::size_t> load_{0};

  // The worker's thread only.
  bool stopping_ = false;
  net::Clock::time_point stop_deadline_;
  std::vector<char> receive_buffer_;
  std::unique_ptr<List> connections_;

  // Its end destroys the connections that were cut off, which leave the list.
  net::asio::io_context context_{1};

  net::Timer sweep_timer_{context_};
};

}  // namespace drover::http
