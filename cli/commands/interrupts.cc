#include "cli/commands/interrupts.h"

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>

namespace drover::cli {
namespace {

sigset_t awaited_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  return set;
}

void add_to(const UniqueFd& any, const UniqueFd& one) {
  epoll_event readable{};
  readable.events = EPOLLIN;
  ::epoll_ctl(any.get(), EPOLL_CTL_ADD, one.get(), &readable);
}

}  // namespace

Interrupts::Interrupts() {
  const sigset_t set = awaited_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  timer_.reset(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  any_.reset(::epoll_create1(EPOLL_CLOEXEC));
  add_to(any_, signals_);
  add_to(any_, timer_);
}

void Interrupts::end_calls_of(Connection& connection) {
  connection_ = &connection;
  connection.watch(any_.get());
}

void Interrupts::end_no_calls() {
  if (connection_ != nullptr) connection_->unwatch();
  connection_ = nullptr;
}

Interrupts::~Interrupts() {
  end_no_calls();
  const sigset_t set = awaited_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Interrupts::end_after(std::chrono::milliseconds time) {
  using namespace std::chrono;
  const auto whole = duration_cast<seconds>(time);
  itimerspec set{};
  set.it_value.tv_sec = whole.count();
  set.it_value.tv_nsec = nanoseconds(time - whole).count();
  ::timerfd_settime(timer_.get(), 0, &set, nullptr);
}

bool Interrupts::is_pending() const {
  pollfd any{any_.get(), POLLIN, 0};
  return ::poll(&any, 1, 0) > 0;
}

Interrupt Interrupts::take() {
  signalfd_siginfo info{};
  if (::read(signals_.get(), &info, sizeof info) > 0) return Interrupt::signal;
  std::uint64_t times = 0;
  if (::read(timer_.get(), &times, sizeof times) > 0) return Interrupt::time_over;
  return Interrupt::none;
}

void Interrupts::sleep(std::chrono::milliseconds duration, int other) const {
  pollfd watched[] = {{any_.get(), POLLIN, 0}, {other, POLLIN, 0}};
  ::poll(watched, 2, static_cast<int>(duration.count()));
}

}  // namespace drover::cli
