#include "agent/supervisor/unix_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace drover::supervisor {
namespace {

constexpr int kBacklog = 16;

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return Error{ErrorKind::invalid, "socket path " + path + " has " + std::to_string(path.size()) +
                                         " bytes; choose one of 1 to " +
                                         std::to_string(sizeof address.sun_path - 1)};
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Result<UniqueFd> make_socket() {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return system_error("cannot make a socket", errno);
  return fd;
}

Status remove_old_socket(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return Done{};
    return system_error("cannot look at " + path, errno);
  }
  if (!S_ISSOCK(info.st_mode)) {
    return Error{ErrorKind::conflict,
                 path + " exists and is not a socket; remove it or choose another path"};
  }
  if (::unlink(path.c_str()) != 0)
    return system_error("cannot remove the old socket " + path, errno);
  return Done{};
}

}  // namespace

Result<UniqueFd> listen_on(const std::string& path) {
  auto address = address_of(path);
  if (!address) return address.error();
  auto fd = make_socket();
  if (!fd) return fd;
  if (auto removed = remove_old_socket(path); !removed) return removed.error();
  // The mode must be right from the first moment on.
  const mode_t mask = ::umask(0177);
  const int bound =
      ::bind(fd->get(), reinterpret_cast<const sockaddr*>(&*address), sizeof(sockaddr_un));
  const int bind_error = errno;
  ::umask(mask);
  if (bound != 0) return system_error("cannot bind " + path, bind_error);
  if (::listen(fd->get(), kBacklog) != 0) return system_error("cannot listen on " + path, errno);
  return fd;
}

Result<UniqueFd> connect_to(const std::string& path) {
  auto address = address_of(path);
  if (!address) return address.error();
  auto fd = make_socket();
  if (!fd) return fd;
  if (::connect(fd->get(), reinterpret_cast<const sockaddr*>(&*address), sizeof(sockaddr_un)) !=
      0) {
    Error error = system_error("cannot connect to the supervisor at " + path, errno);
    error.kind = ErrorKind::unavailable;
    return error;
  }
  return fd;
}

bool is_trusted_peer(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid();
}

}  // namespace drover::supervisor
