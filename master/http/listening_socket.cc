#include "master/http/listening_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

namespace drover::http {
namespace {

Error cannot_listen(const Endpoint& endpoint, const std::string& why) {
  return Error{ErrorKind::unavailable,
               "cannot listen on " + endpoint.text() + ": " + why +
                   "; stop what uses it, or choose another address with --http-listen"};
}

Error cannot_listen(const Endpoint& endpoint, int error_number) {
  return cannot_listen(endpoint, std::generic_category().message(error_number));
}

std::uint16_t local_port(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

}  // namespace

Result<ListeningSocket> open_listening_socket(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(endpoint.port);
  if (const int error = ::getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &found)) {
    return cannot_listen(endpoint, std::string(::gai_strerror(error)));
  }
  const Addresses addresses(found, ::freeaddrinfo);

  ListeningSocket listening;
  listening.is_v6 = found->ai_family == AF_INET6;
  listening.fd.reset(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listening.fd) return cannot_listen(endpoint, errno);
  // Only lets connections that an earlier server of this port had linger on; a second listener is
  // refused all the same.
  const int yes = 1;
  ::setsockopt(listening.fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (::bind(listening.fd.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(listening.fd.get(), SOMAXCONN) != 0) {
    return cannot_listen(endpoint, errno);
  }
  listening.port = local_port(listening.fd.get());
  return listening;
}

}  // namespace drover::http
