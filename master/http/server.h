// The HTTP server: a listener and a few threads, each with its own connections.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "common/endpoint.h"
#include "common/limits.h"
#include "common/result.h"
#include "master/http/services.h"

namespace drover::http {

// How long a client may take. A connection is looked at a few times within the shortest of them.
struct Timeouts {
  std::chrono::milliseconds header = limits::kHttpHeaderTime;
  std::chrono::milliseconds body = limits::kHttpBodyTime;
  std::chrono::milliseconds idle = limits::kHttpIdleTime;
  std::chrono::milliseconds write = limits::kHttpWriteTime;
  std::chrono::milliseconds drain = limits::kHttpDrainTime;
  std::chrono::milliseconds quiet = limits::kStreamQuietTime;
  std::chrono::milliseconds stop = limits::kHttpStopTime;  // to finish what is under way
};

struct ServerOptions {
  Endpoint listen;
  int threads = 0;  // 0: one for each core, at least 2 and at most 8
  std::size_t max_connections = limits::kHttpConnections;
  Timeouts timeouts;
};

class Server {
 public:
  // Listens and serves. `services` must outlive the server, and its engine must not be stopped
  // before the server is. Raises the process's soft limit of open files to what max_connections
  // needs, as far as the hard limit allows.
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Services services);
  ~Server();  // stops

  // The port that is listened on.
  std::uint16_t port() const;

  // Accepts no more, answers what is under way, closes what is idle, ends the threads; whatever
  // takes longer than Timeouts::stop is cut. Idempotent. Not from a thread of the server.
  void stop();

 private:
  class Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace drover::http
