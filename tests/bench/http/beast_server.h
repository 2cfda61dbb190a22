// The reference: Boost.Beast with nothing behind it. Reads a request, answers with a body that
// never changes, reads the next; one io_context and one thread for each of `threads`, connections
// dealt out in turn. No deadlines, no limits, no counters, no routes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace drover::bench {

class BeastServer {
 public:
  // On 127.0.0.1, any port.
  BeastServer(int threads, const std::string& body);
  ~BeastServer();  // ends its threads and connections

  std::uint16_t port() const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace drover::bench
