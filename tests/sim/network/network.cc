#include "tests/sim/network/network.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/limits.h"

namespace drover::sim {
namespace {

constexpr std::size_t kPacketsAhead = 16;  // sent and not read: then the writer waits
constexpr Time kServerPingTime = 20'000;   // as master/agents/server.cc sets it
constexpr Time kServerPingTimeout = 10'000;

Time ms(std::chrono::milliseconds time) { return time.count(); }

Time ping_time(Side side) {
  return side == Side::dialler ? ms(limits::kKeepaliveTime) : kServerPingTime;
}
Time ping_timeout(Side side) {
  return side == Side::dialler ? ms(limits::kKeepaliveTimeout) : kServerPingTimeout;
}

}  // namespace

ConnectionId Network::dial(Path& path, Endpoint& dialler, Listener& listener) {
  const ConnectionId id = ++last_id_;
  Connection& connection = connections_[id];
  connection.path = &path;
  connection.listener = &listener;
  connection.end(Side::dialler).endpoint = &dialler;
  connection.end(Side::dialler).open = true;
  connection.end(Side::dialler).heard = events_.now();
  push(id, Side::dialler, {Packet::Kind::open, {}});
  if (path.pings) watch(id, Side::dialler);
  return id;
}

Network::Connection* Network::find(ConnectionId id) {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : &found->second;
}

void Network::send(ConnectionId id, Side from, std::string bytes) {
  Connection* connection = find(id);
  if (connection == nullptr || !connection->end(from).open) return;
  ++messages_;
  push(id, from, {Packet::Kind::message, std::move(bytes)});
}

void Network::inject(ConnectionId id, Side from, std::string bytes) {
  if (find(id) != nullptr) push(id, from, {Packet::Kind::message, std::move(bytes)});
}

bool Network::may_write(ConnectionId id, Side from) {
  Connection* connection = find(id);
  if (connection == nullptr) return true;
  End& end = connection->end(from);
  const std::size_t ahead = end.sent.size() + connection->end(other(from)).received.size();
  end.write_waits = ahead >= kPacketsAhead;
  return !end.write_waits;
}

void Network::close(ConnectionId id, Side by, const std::string& reason) {
  Connection* connection = find(id);
  if (connection == nullptr || !connection->end(by).open) return;
  if (by == Side::dialler && !connection->established) {
    connection->end(by).sent.clear();  // nobody goes on knocking
  } else {
    push(id, by, {Packet::Kind::end, reason});
  }
  connection->end(by).open = false;
  connection->end(by).endpoint = nullptr;
  connection->end(by).received.clear();
  tidy(id);
}

void Network::drop(ConnectionId id, Side by, bool silently) {
  Connection* connection = find(id);
  if (connection == nullptr) return;
  if (!silently) return close(id, by, "connection reset by peer");
  End& end = connection->end(by);
  end.open = false;
  end.endpoint = nullptr;
  end.received.clear();
  end.sent.clear();
  tidy(id);
}

void Network::break_both(ConnectionId id) {
  for (const Side side : {Side::dialler, Side::listener}) {
    if (find(id) != nullptr) push(id, side, {Packet::Kind::end, "connection reset"});
  }
}

void Network::mute(ConnectionId id) {
  if (Connection* connection = find(id)) connection->muted = true;
}

void Network::push(ConnectionId id, Side from, Packet packet) {
  Connection& connection = connections_.at(id);
  End& end = connection.end(from);
  Time due =
      events_.now() + random_.between(connection.path->least_delay, connection.path->most_delay);
  if (!end.sent.empty()) due = std::max(due, end.sent.back().due);
  packet.due = due;
  end.sent.push_back(std::move(packet));
  plan(id, from, due);
}

void Network::plan(ConnectionId id, Side from, Time when) {
  End& end = connections_.at(id).end(from);
  if (end.pump_planned) return;
  end.pump_planned = true;
  events_.at(when, [this, id, from] {
    if (Connection* connection = find(id)) {
      connection->end(from).pump_planned = false;
      pump(id, from);
    }
  });
}

void Network::pump(ConnectionId id, Side from) {
  Connection& connection = connections_.at(id);
  End& end = connection.end(from);
  if (end.sent.empty() || connection.is_cut(from)) return;
  const bool knocks = end.sent.front().kind == Packet::Kind::open;
  if (from == Side::dialler && !connection.established && !knocks) return;
  if (end.sent.front().due > events_.now()) return plan(id, from, end.sent.front().due);
  Packet packet = std::move(end.sent.front());
  end.sent.pop_front();
  if (!end.sent.empty()) plan(id, from, end.sent.front().due);
  if (!connection.muted) arrive(id, other(from), std::move(packet));
  tidy(id);
}

void Network::arrive(ConnectionId id, Side to, Packet packet) {
  Connection& connection = connections_.at(id);
  End& end = connection.end(to);
  if (packet.kind == Packet::Kind::open) {
    if (!connection.listener->is_reachable()) return;
    end.endpoint = connection.listener->accept(id);
    if (end.endpoint == nullptr) return reset(id, to);
    end.open = true;
    push(id, to, {Packet::Kind::opened, {}});
    end.heard = events_.now();
    if (connection.path->pings) watch(id, to);
    return;
  }
  if (packet.kind == Packet::Kind::opened) {
    connection.established = true;
    return plan(id, to, events_.now());
  }
  if (!end.open) {
    const bool reachable = to == Side::dialler || connection.listener->is_reachable();
    // Whoever is back on that machine knows nothing of the connection.
    if (reachable && packet.kind != Packet::Kind::end) reset(id, to);
    return;
  }
  end.received.push_back(std::move(packet));
  read(id, to);
}

// The machine at `from` says that it knows no such connection.
void Network::reset(ConnectionId id, Side from) {
  push(id, from, {Packet::Kind::end, "connection refused or reset"});
}

void Network::read(ConnectionId id, Side side) {
  for (;;) {
    Connection* connection = find(id);
    if (connection == nullptr) return;
    End& end = connection->end(side);
    if (!end.open || end.received.empty() || !end.endpoint->is_awake()) return;
    const bool is_ping = end.received.front().kind == Packet::Kind::ping ||
                         end.received.front().kind == Packet::Kind::pong;
    if (!is_ping && !end.endpoint->reads(id)) return;
    const Packet packet = std::move(end.received.front());
    end.received.pop_front();
    end.heard = events_.now();
    end.pinged = -1;
    if (packet.kind == Packet::Kind::ping) push(id, side, {Packet::Kind::pong, {}});
    if (packet.kind == Packet::Kind::end) return this->end(id, side, packet.bytes);
    if (packet.kind != Packet::Kind::message) continue;
    End& writer = connection->end(other(side));
    end.endpoint->on_message(id, packet.bytes);
    if (find(id) != nullptr && writer.open && writer.write_waits) {
      writer.write_waits = false;
      writer.endpoint->on_writable(id);
    }
  }
}

void Network::end(ConnectionId id, Side side, const std::string& reason) {
  End& end = connections_.at(id).end(side);
  Endpoint* endpoint = end.endpoint;
  end.open = false;
  end.endpoint = nullptr;
  end.received.clear();
  if (endpoint != nullptr) endpoint->on_closed(id, reason);
  tidy(id);
}

void Network::watch(ConnectionId id, Side side) {
  const End& end = connections_.at(id).end(side);
  const Time due = end.pinged >= 0 ? end.pinged + ping_timeout(side) : end.heard + ping_time(side);
  events_.at(std::max(due, events_.now() + 1), [this, id, side] {
    Connection* connection = find(id);
    if (connection == nullptr || !connection->end(side).open) return;
    End& mine = connection->end(side);
    const Time now = events_.now();
    if (!mine.endpoint->is_awake()) {
      mine.heard = std::max(mine.heard, now - ping_time(side) + 100);
    } else if (mine.pinged >= 0 && now >= mine.pinged + ping_timeout(side)) {
      reset(id, side);
      return this->end(id, side, "keepalive: no answer");
    } else if (mine.pinged < 0 && now >= mine.heard + ping_time(side)) {
      mine.pinged = now;
      push(id, side, {Packet::Kind::ping, {}});
    }
    watch(id, side);
  });
}

void Network::resume(ConnectionId id) {
  if (find(id) == nullptr) return;
  for (const Side side : {Side::dialler, Side::listener}) {
    if (find(id) != nullptr) plan(id, side, events_.now());
    read(id, side);
  }
}

void Network::resume(const Path& path) {
  std::vector<ConnectionId> ids;
  for (const auto& [id, connection] : connections_) {
    if (connection.path == &path) ids.push_back(id);
  }
  for (const ConnectionId id : ids) resume(id);
}

void Network::resume_all() {
  std::vector<ConnectionId> ids;
  for (const auto& [id, connection] : connections_) ids.push_back(id);
  for (const ConnectionId id : ids) resume(id);
}

void Network::tidy(ConnectionId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  const Connection& connection = found->second;
  for (const End& end : connection.ends) {
    if (end.open || !end.sent.empty()) return;
  }
  connections_.erase(found);
}

}  // namespace drover::sim
