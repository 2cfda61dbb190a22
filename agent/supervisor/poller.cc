#include "agent/supervisor/poller.h"

#include <cerrno>

namespace drover::supervisor {
namespace {

constexpr int kIdBits = 56;

epoll_event event_of(std::uint32_t events, Token token) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = (std::uint64_t{static_cast<std::uint8_t>(token.source)} << kIdBits) | token.id;
  return event;
}

Token token_of(std::uint64_t data) {
  return {static_cast<Source>(data >> kIdBits), data & ((std::uint64_t{1} << kIdBits) - 1)};
}

}  // namespace

Result<Poller> Poller::create() {
  UniqueFd fd(::epoll_create1(EPOLL_CLOEXEC));
  if (!fd) return system_error("cannot make an epoll descriptor", errno);
  return Poller(std::move(fd));
}

int Poller::add(int fd, std::uint32_t events, Token token) {
  epoll_event event = event_of(events, token);
  return ::epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : errno;
}

void Poller::change(int fd, std::uint32_t events, Token token) {
  epoll_event event = event_of(events, token);
  const int changed = ::epoll_ctl(fd_.get(), EPOLL_CTL_MOD, fd, &event);
  DROVER_CHECK(changed == 0, "only a descriptor that was added can be changed");
}

std::span<const Ready> Poller::wait(int timeout_ms) {
  const int count = ::epoll_wait(fd_.get(), raw_.data(), static_cast<int>(kEvents), timeout_ms);
  if (count < 0) {
    DROVER_CHECK(errno == EINTR, "epoll_wait fails only when it is interrupted");
    return {};
  }
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    ready_[at] = {token_of(raw_[at].data.u64), raw_[at].events};
  }
  return {ready_.data(), static_cast<std::size_t>(count)};
}

}  // namespace drover::supervisor
