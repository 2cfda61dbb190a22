#include "tests/support/held_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>

namespace drover::test {

HeldPort::HeldPort(const std::string& address)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  socklen_t size = sizeof place;
  auto* const generic = reinterpret_cast<sockaddr*>(&place);
  const int yes = 1;
  // Only after bind(2), so that nobody else's is taken, which is held in the same way.
  if (::inet_pton(AF_INET, address.c_str(), &place.sin_addr) != 1 ||
      ::bind(socket_.get(), generic, size) != 0 ||
      ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::getsockname(socket_.get(), generic, &size) != 0) {
    throw std::runtime_error("no port can be held at " + address);
  }
  number_ = ntohs(place.sin_port);
}

}  // namespace drover::test
