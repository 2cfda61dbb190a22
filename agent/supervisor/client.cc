#include "agent/supervisor/client.h"

#include "agent/supervisor/unix_socket.h"

namespace drover::supervisor {
namespace {

// One call reads at most about this many bytes, so that a busy supervisor cannot hold its reader.
constexpr int kReadsPerCall = 32;

}  // namespace

Result<SupervisorClient> SupervisorClient::connect(const std::string& socket_path) {
  auto socket = connect_to(socket_path);
  if (!socket) return socket.error();
  if (!is_trusted_peer(socket->get())) {
    return Error{ErrorKind::conflict, "the supervisor at " + socket_path +
                                          " runs as another user; stop it or choose another path"};
  }
  SupervisorClient client(std::move(*socket));
  Request request;
  request.mutable_attach();
  client.send(request);
  if (auto flushed = client.flush(); !flushed) return flushed.error();
  return client;
}

Result<std::vector<Event>> SupervisorClient::read_events() {
  std::vector<Event> events;
  for (int reads = 0; reads < kReadsPerCall; ++reads) {
    auto more = channel_.receive();
    if (!more && events.empty()) return more.error();
    if (!more) break;
    for (;;) {
      auto frame = channel_.next();
      if (!frame) return frame.error();
      if (!frame->has_value()) break;
      Event& event = events.emplace_back();
      if (!event.ParseFromArray((*frame)->data(), static_cast<int>((*frame)->size()))) {
        return Error{
            ErrorKind::invalid,
            "the supervisor sent a message that cannot be read; is it of another version?"};
      }
    }
    if (!*more) break;
  }
  return events;
}

}  // namespace drover::supervisor
