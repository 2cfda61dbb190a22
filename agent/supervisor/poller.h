// epoll with tokens instead of pointers, so that an event for what was dropped meanwhile finds
// nothing rather than freed memory. One thread.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::supervisor {

enum class Source : std::uint8_t {
  signals,
  listener,
  connection,    // id: the connection's
  output,        // id: the attempt's
  error_output,  // id: the attempt's
  leftovers,     // id: the attempt's
};

struct Token {
  Source source{};
  std::uint64_t id = 0;  // below 2^56; never used twice
};

struct Ready {
  Token token;
  std::uint32_t events = 0;  // EPOLLIN, EPOLLHUP, ...
};

class Poller {
 public:
  static Result<Poller> create();

  // Returns 0 or errno. A descriptor leaves by being closed.
  int add(int fd, std::uint32_t events, Token token);
  void change(int fd, std::uint32_t events, Token token);

  // Waits until something is ready, or for `timeout_ms` (-1: for ever). The answer lives until the
  // next call.
  std::span<const Ready> wait(int timeout_ms);

 private:
  static constexpr std::size_t kEvents = 128;
  explicit Poller(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
  std::array<epoll_event, kEvents> raw_{};
  std::array<Ready, kEvents> ready_{};
};

}  // namespace drover::supervisor
