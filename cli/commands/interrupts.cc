#include "cli/commands/interrupts.h"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>

#include <csignal>

namespace drover::cli {
namespace {

sigset_t awaited_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  return set;
}

}  // namespace

Interrupts::Interrupts() {
  const sigset_t set = awaited_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  fd_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

void Interrupts::end_calls_of(Connection& connection) {
  connection_ = &connection;
  connection.watch(fd_.get());
}

Interrupts::~Interrupts() {
  if (connection_ != nullptr) connection_->unwatch();
  const sigset_t set = awaited_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

int Interrupts::take() {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return 0;
  return static_cast<int>(info.ssi_signo);
}

void Interrupts::sleep(std::chrono::milliseconds duration, int other) const {
  pollfd watched[] = {{fd_.get(), POLLIN, 0}, {other, POLLIN, 0}};
  ::poll(watched, 2, static_cast<int>(duration.count()));
}

}  // namespace drover::cli
