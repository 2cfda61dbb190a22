// The supervisor's socket: one agent at a time is obeyed and told. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

#include "agent/supervisor/attempt_table.h"
#include "agent/supervisor/channel.h"
#include "agent/supervisor/poller.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::supervisor {

class Server {
 public:
  // `listener` is a listening, non-blocking unix socket; the two others outlive the server.
  Server(Poller& poller, UniqueFd listener, AttemptTable& attempts);
  drover::Status start();

  // What the poller says.
  void accept_all();
  void on_connection(std::uint64_t id, std::uint32_t events);

  // Obeys a bounded number of received requests. Each connection is read only when all that came
  // before has been obeyed, so a flood waits in the socket.
  void obey();
  // Sends what has changed, in one write. An agent that does not read is dropped when too much
  // waits for it: the next one begins with a snapshot.
  void tell();

  // From now on requests are left unread; what happens is still told.
  void refuse_requests() { refuses_ = true; }

  // How long the loop may wait for events: 0 while requests are waiting, -1 for ever.
  int longest_wait_ms() const;

 private:
  struct Connection {
    FrameChannel channel;
    bool has_input = false;      // something received may not be obeyed yet
    bool watches_write = false;  // the poller reports EPOLLOUT
  };
  using Connections = std::map<std::uint64_t, Connection>;

  void admit(UniqueFd socket);
  void make_room();
  // False: the connection is to be closed; the reason is in the log.
  bool obey_next(std::uint64_t id, Connection& connection);
  bool handle(std::uint64_t id, Connection& connection, std::string_view message);
  void attach(std::uint64_t id, Connection& connection);
  bool flush(std::uint64_t id, Connection& connection);
  void drop(std::uint64_t id, std::string_view reason);

  Poller& poller_;
  UniqueFd listener_;
  AttemptTable& attempts_;

  Connections connections_;
  std::uint64_t attached_ = 0;  // 0: nobody
  std::uint64_t last_id_ = 0;
  bool refuses_ = false;
  bool accept_failed_ = false;  // to be tried again a little later
};

}  // namespace drover::supervisor
