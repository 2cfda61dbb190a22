#include "agent/link/local_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <memory>
#include <optional>

#include "common/endpoint.h"
#include "common/unique_fd.h"

namespace drover::agent::link {
namespace {

// Newer releases of gRPC escape the brackets of an IPv6 address.
std::string without_escapes(std::string text) {
  for (const auto& [escape, plain] : {std::pair{"%5B", "["}, std::pair{"%5D", "]"}}) {
    const std::size_t place = text.find(escape);
    if (place != std::string::npos) text.replace(place, 3, plain);
  }
  return text;
}

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

AddressList numeric_address(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(endpoint.port);
  if (::getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &found) != 0) found = nullptr;
  return {found, &::freeaddrinfo};
}

}  // namespace

std::string local_address_towards(const std::string& peer) {
  const std::size_t colon = peer.find(':');
  if (colon == std::string::npos) return {};
  const auto endpoint = parse_endpoint(without_escapes(peer.substr(colon + 1)));
  if (!endpoint) return {};
  const AddressList address = numeric_address(*endpoint);
  if (!address) return {};
  // Connecting a datagram socket chooses the route, and with it the local address.
  const UniqueFd socket(::socket(address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_storage local{};
  socklen_t length = sizeof local;
  if (!socket || ::connect(socket.get(), address->ai_addr, address->ai_addrlen) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&local), &length) != 0) {
    return {};
  }
  char host[NI_MAXHOST];
  if (::getnameinfo(reinterpret_cast<sockaddr*>(&local), length, host, sizeof host, nullptr, 0,
                    NI_NUMERICHOST) != 0) {
    return {};
  }
  return host;
}

}  // namespace drover::agent::link
