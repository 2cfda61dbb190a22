// Connections between simulated programs: bytes in order, or nothing any more. What a TCP
// connection with HTTP/2 on it does: packets wait while their path is cut, a side that hears
// nothing pings, and a side that vanished is noticed late.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "tests/sim/base/events.h"
#include "tests/sim/base/random.h"

namespace drover::sim {

using ConnectionId = std::uint64_t;

// One program's end of its connections.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  // Whether the program runs; a frozen one has its packets waiting.
  virtual bool is_awake() const = 0;
  // Whether it takes the next message now.
  virtual bool reads(ConnectionId) const { return true; }
  virtual void on_message(ConnectionId connection, const std::string& bytes) = 0;
  // The other side has ended it, or is not heard any more. Nothing follows.
  virtual void on_closed(ConnectionId connection, const std::string& reason) = 0;
  // There is room again after may_write() was false.
  virtual void on_writable(ConnectionId) {}
};

// Who may be connected to.
class Listener {
 public:
  virtual ~Listener() = default;
  // Null: refused.
  virtual Endpoint* accept(ConnectionId connection) = 0;
  virtual bool is_reachable() const = 0;  // its machine is up
};

// The way between two machines, or within one.
struct Path {
  bool cut_there = false;  // from the one that dials
  bool cut_back = false;
  bool down = false;  // the dialler's machine is off
  Time least_delay = 0;
  Time most_delay = 2;
  bool pings = true;
};

enum class Side : std::uint8_t { dialler = 0, listener = 1 };

class Network {
 public:
  Network(Events& events, std::uint64_t seed) : events_(events), random_(seed, "network") {}

  // The answer, if any comes, is a message or on_closed().
  ConnectionId dial(Path& path, Endpoint& dialler, Listener& listener);

  void send(ConnectionId connection, Side from, std::string bytes);
  // False: too much waits for the other side already, and on_writable() follows.
  bool may_write(ConnectionId connection, Side from);
  // After what was sent before. This side hears nothing more.
  void close(ConnectionId connection, Side by, const std::string& reason);
  // The program at this end is dead. `silently`: with its machine, so that nobody is told.
  void drop(ConnectionId connection, Side by, bool silently);
  // Both sides are told that it has ended.
  void break_both(ConnectionId connection);
  // Nothing arrives any more, and nobody is told.
  void mute(ConnectionId connection);

  // Something has changed about the path, or this end reads again.
  void resume(ConnectionId connection);
  void resume(const Path& path);
  void resume_all();

  // Puts a message before the other side that nobody has just sent.
  void inject(ConnectionId connection, Side from, std::string bytes);

  std::uint64_t messages() const { return messages_; }

 private:
  struct Packet {
    enum class Kind : std::uint8_t { open, opened, message, ping, pong, end };
    Kind kind;
    std::string bytes;
    Time due = 0;
  };
  struct End {
    Endpoint* endpoint = nullptr;
    bool open = false;
    Time heard = 0;
    Time pinged = -1;
    bool write_waits = false;
    std::deque<Packet> sent;      // on their way to the other side
    std::deque<Packet> received;  // here, and not read yet
    bool pump_planned = false;
  };
  struct Connection {
    Path* path = nullptr;
    Listener* listener = nullptr;
    bool established = false;  // the dialler knows that it was accepted: only then it speaks
    bool muted = false;
    End ends[2];
    End& end(Side side) { return ends[static_cast<std::size_t>(side)]; }
    const End& end(Side side) const { return ends[static_cast<std::size_t>(side)]; }
    bool is_cut(Side from) const {
      return path->down || (from == Side::dialler ? path->cut_there : path->cut_back);
    }
  };

  static Side other(Side side) { return side == Side::dialler ? Side::listener : Side::dialler; }
  Connection* find(ConnectionId id);
  void push(ConnectionId id, Side from, Packet packet);
  void plan(ConnectionId id, Side from, Time when);
  void pump(ConnectionId id, Side from);
  void arrive(ConnectionId id, Side to, Packet packet);
  void read(ConnectionId id, Side side);
  void reset(ConnectionId id, Side to);
  void end(ConnectionId id, Side side, const std::string& reason);
  void watch(ConnectionId id, Side side);
  void tidy(ConnectionId id);

  Events& events_;
  Random random_;
  ConnectionId last_id_ = 0;
  std::uint64_t messages_ = 0;
  std::map<ConnectionId, Connection> connections_;
};

}  // namespace drover::sim
