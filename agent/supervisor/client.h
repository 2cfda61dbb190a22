// The agent's end of the conversation with its supervisor; the messages are those of
// proto/drover/supervisor.proto. One thread; never blocks; made for a poll or epoll loop:
//
//   auto client = SupervisorClient::connect(path);     // takes the supervisor over
//   client->send(request); client->send(another);      // buffered
//   client->flush();                                   // one write for both
//   poll(client->fd(), POLLIN | (client->wants_write() ? POLLOUT : 0));
//   auto events = client->read_events();               // first of all a snapshot
#pragma once

#include <string>
#include <vector>

#include "agent/supervisor/channel.h"
#include "common/result.h"
#include "drover/supervisor.pb.h"

namespace drover::supervisor {

class SupervisorClient {
 public:
  // Connects and attaches: any earlier agent's connection is closed by the supervisor.
  static Result<SupervisorClient> connect(const std::string& socket_path);

  int fd() const { return channel_.fd(); }

  // Buffers a request. It must be shorter than limits::kSupervisorMessageBytes.
  void send(const Request& request) { channel_.queue(request); }
  // Sends as much as fits now; wants_write() tells whether something remains, to be flushed when
  // the descriptor can be written to. An error means that the connection is over.
  drover::Status flush() { return channel_.flush(); }
  bool wants_write() const { return channel_.wants_write(); }

  // Everything that has arrived, perhaps nothing. An error means that the connection is over:
  // connect anew and go by the snapshot. What arrived before the end is still delivered: the
  // error comes with the next call.
  Result<std::vector<Event>> read_events();

 private:
  explicit SupervisorClient(UniqueFd socket) : channel_(std::move(socket)) {}
  FrameChannel channel_;
};

}  // namespace drover::supervisor
