// Many keep-alive connections of one thread, as cheap as a client can be: no allocation, no parser
// beyond what tells one answer from the next, one system call to send and one to receive.
// All of it throws std::runtime_error where the server does not do its part.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/unique_fd.h"

namespace drover::bench {

// Which of several sockets can be read.
class Readiness {
 public:
  Readiness();
  void add(int fd, std::uint32_t key);
  // The events of those that can be read, their keys in `data.u32`; none when the time is over.
  // Valid until the next call.
  std::span<const epoll_event> wait(std::chrono::milliseconds most);

 private:
  UniqueFd fd_;
  std::array<epoll_event, 128> events_{};
};

// A request with nothing in it that is not needed.
std::string get_request(std::uint16_t port, const std::string& path);
std::string post_request(std::uint16_t port, const std::string& path, const std::string& body);

// Bytes that came and are not used yet.
class Received {
 public:
  // Reads what there is, up to the room that is left; false: the other side has closed.
  bool read_from(int fd);
  std::string_view view() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t count);

 private:
  std::string buffer_ = std::string(64 * 1024, '\0');
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

// One connection with one request under way at most.
class KeepAliveConnection {
 public:
  explicit KeepAliveConnection(std::uint16_t port);  // on 127.0.0.1

  int fd() const { return fd_.get(); }
  void send(std::string_view request);
  // When it can be read: the body of the answer, valid until the next call, or nothing while some
  // of it is missing. Throws unless the status is 200.
  std::optional<std::string_view> receive();

 private:
  UniqueFd fd_;
  Received received_;
  std::size_t answered_ = 0;  // bytes of the answer that was given out last
};

// Lines of an answer that goes on for ever, /api/v1/events for example.
class LineStream {
 public:
  LineStream(std::uint16_t port, const std::string& path);

  int fd() const { return fd_.get(); }
  // When it can be read: calls `take` for each whole line that has come.
  template <class Take>
  void receive(const Take& take) {
    read();
    std::string_view rest = received_.view();
    const std::size_t all = rest.size();
    for (std::size_t end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
      take(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    received_.consume(all - rest.size());
  }

 private:
  void read();

  UniqueFd fd_;
  Received received_;
};

}  // namespace drover::bench
