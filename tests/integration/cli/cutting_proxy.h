// Stands between a client and a server on loopback, and cuts connections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "common/unique_fd.h"

namespace drover::test {

class CuttingProxy {
 public:
  static constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();

  // One connection after the other, in the order in which they come: of number n the client gets so
  // many bytes of the server's answers before it is cut. Those behind the last are left whole.
  CuttingProxy(std::uint16_t server, std::vector<std::size_t> bytes);
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;
  ~CuttingProxy();

  // "127.0.0.1:PORT"
  std::string address() const;

 private:
  void serve();
  // False: it is to end.
  bool carry(int client, std::size_t bytes);
  std::string as_for_the_server(std::string request) const;
  // Whether one of the two can be read; else the proxy is to end.
  bool await(int one, int other) const;

  const std::uint16_t server_;
  const std::vector<std::size_t> bytes_;
  UniqueFd listener_;
  UniqueFd end_;  // an eventfd
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace drover::test
