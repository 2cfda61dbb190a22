#include "agent/supervisor/server.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "agent/supervisor/unix_socket.h"
#include "common/limits.h"
#include "common/log.h"

namespace drover::supervisor {
namespace {

constexpr int kAcceptRetryMs = 100;

bool is_good_key(const std::string& key) {
  return !key.empty() && key.size() <= limits::kSupervisorKeyBytes;
}

}  // namespace

Server::Server(Poller& poller, UniqueFd listener, AttemptTable& attempts)
    : poller_(poller), listener_(std::move(listener)), attempts_(attempts) {}

drover::Status Server::start() {
  const int error = poller_.add(listener_.get(), EPOLLIN, {Source::listener, 0});
  if (error != 0) return system_error("cannot watch the socket", error);
  return Done{};
}

void Server::accept_all() {
  accept_failed_ = false;
  for (;;) {
    UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket) {
      admit(std::move(socket));
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      log::warning("connection not accepted", {{"reason", system_error("accept", errno).message}});
      accept_failed_ = true;
      return;
    }
  }
}

void Server::admit(UniqueFd socket) {
  if (!is_trusted_peer(socket.get())) {
    log::warning("connection refused", {{"reason", "the peer runs as another user"}});
    return;
  }
  make_room();
  const std::uint64_t id = ++last_id_;
  if (poller_.add(socket.get(), EPOLLIN, {Source::connection, id}) != 0) return;
  connections_.emplace(id, Connection{FrameChannel(std::move(socket))});
}

// A newcomer takes the place of the oldest connection that never attached.
void Server::make_room() {
  if (connections_.size() < limits::kSupervisorConnections) return;
  const auto oldest = std::find_if(
      connections_.begin(), connections_.end(),
      [this](const Connections::value_type& entry) { return entry.first != attached_; });
  drop(oldest->first, "it never attached, and others want to");
}

void Server::on_connection(std::uint64_t id, std::uint32_t events) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  if ((events & EPOLLOUT) != 0 && !flush(id, connection)) return;
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || connection.has_input) return;
  if (auto received = connection.channel.receive(); !received) {
    drop(id, received.error().message);
    return;
  }
  connection.has_input = true;
}

void Server::obey() {
  if (refuses_) return;
  std::vector<std::uint64_t> waiting;
  for (const auto& [id, connection] : connections_) {
    if (connection.has_input) waiting.push_back(id);
  }
  for (const std::uint64_t id : waiting) {
    for (std::size_t obeyed = 0; obeyed < limits::kSupervisorRequestsPerTurn; ++obeyed) {
      // An earlier request may have closed this connection.
      const auto found = connections_.find(id);
      if (found == connections_.end() || !found->second.has_input) break;
      if (!obey_next(id, found->second)) break;
    }
  }
}

bool Server::obey_next(std::uint64_t id, Connection& connection) {
  auto frame = connection.channel.next();
  if (!frame) {
    drop(id, frame.error().message);
    return false;
  }
  connection.has_input = frame->has_value();
  if (!frame->has_value()) return false;
  if (handle(id, connection, **frame)) return true;
  drop(id, "a message that cannot be understood");
  return false;
}

bool Server::handle(std::uint64_t id, Connection& connection, std::string_view message) {
  Request request;
  if (!request.ParseFromArray(message.data(), static_cast<int>(message.size()))) return false;
  // The first message attaches, and none but the first.
  if (request.has_attach() == (id == attached_)) return false;
  switch (request.kind_case()) {
    case Request::kAttach:
      attach(id, connection);
      return true;
    case Request::kSpawn:
      if (!is_good_key(request.spawn().key())) return false;
      attempts_.spawn(request.spawn());
      return true;
    case Request::kSignal:
      attempts_.signal(request.signal());
      return true;
    case Request::kKill:
      attempts_.kill(request.kill());
      return true;
    case Request::kForget:
      attempts_.forget(request.forget());
      return true;
    case Request::kFence:
      attempts_.set_fence(request.fence());
      return true;
    case Request::KIND_NOT_SET:
      break;
  }
  return false;
}

void Server::attach(std::uint64_t id, Connection& connection) {
  if (attached_ != 0) drop(attached_, "another agent has attached");
  attached_ = id;
  log::info("agent attached", {{"connection", id}});
  attempts_.take_changes([](const Status&) {});  // the snapshot has them
  Event event;
  attempts_.fill(*event.mutable_snapshot());
  connection.channel.queue(event);
}

void Server::tell() {
  const auto agent = connections_.find(attached_);
  if (agent == connections_.end()) {
    attempts_.take_changes([](const Status&) {});  // the next agent's snapshot will have them
    return;
  }
  Connection& connection = agent->second;
  Event event;
  attempts_.take_changes([&](const Status& status) {
    *event.mutable_status() = status;
    connection.channel.queue(event);
  });
  if (connection.channel.unsent_bytes() > limits::kSupervisorBacklogBytes) {
    drop(attached_, "it does not read what it is told");
  } else if (connection.channel.wants_write() && !connection.watches_write) {
    flush(attached_, connection);
  }
}

// False: the connection was dropped.
bool Server::flush(std::uint64_t id, Connection& connection) {
  if (auto flushed = connection.channel.flush(); !flushed) {
    drop(id, flushed.error().message);
    return false;
  }
  const bool wants_write = connection.channel.wants_write();
  if (wants_write != connection.watches_write) {
    connection.watches_write = wants_write;
    poller_.change(connection.channel.fd(), EPOLLIN | (wants_write ? EPOLLOUT : 0U),
                   {Source::connection, id});
  }
  return true;
}

void Server::drop(std::uint64_t id, std::string_view reason) {
  log::info(id == attached_ ? "agent detached" : "connection closed",
            {{"connection", id}, {"reason", reason}});
  if (id == attached_) attached_ = 0;
  connections_.erase(id);
}

int Server::longest_wait_ms() const {
  if (refuses_) return -1;
  for (const auto& [id, connection] : connections_) {
    if (connection.has_input) return 0;
  }
  return accept_failed_ ? kAcceptRetryMs : -1;
}

}  // namespace drover::supervisor
