#include "agent/supervisor/attempt_table.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/clock.h"
#include "common/ids.h"
#include "common/limits.h"
#include "common/log.h"

namespace drover::supervisor {
namespace {

int highest_usable_fd() {
  rlimit open_files{};
  if (::getrlimit(RLIMIT_NOFILE, &open_files) != 0) return 0;
  const rlim_t highest = std::min<rlim_t>(open_files.rlim_cur, 1 << 30);
  return static_cast<int>(highest) - static_cast<int>(limits::kSupervisorSpareFiles);
}

bool is_absolute_or_empty(const std::string& path) { return path.empty() || path.front() == '/'; }

bool has_good_paths(const Spawn& request) {
  return is_absolute_or_empty(request.working_dir()) &&
         is_absolute_or_empty(request.stdout_path()) && is_absolute_or_empty(request.stderr_path());
}

bool died_of_our_end(const Attempt& attempt) {
  return attempt.cut_short && attempt.end.kind == AttemptEnd::Kind::killed;
}

}  // namespace

AttemptTable::AttemptTable(Poller& poller, Spawner spawner,
                           std::unique_ptr<Containment> containment)
    : poller_(poller),
      spawner_(std::move(spawner)),
      containment_(std::move(containment)),
      id_(new_uuid().text()),
      highest_fd_(highest_usable_fd()) {}

void AttemptTable::spawn(const Spawn& request) {
  if (Attempt* known = find(request.key())) {
    mark_changed(*known);
    return;
  }
  if (attempts_.size() >= limits::kSupervisorAttempts) {
    refuse(request, EAGAIN);
    return;
  }
  Attempt& attempt = insert(request);
  if (!has_good_paths(request)) {
    fail(attempt, EINVAL, "request");
    return;
  }
  if (attempt.fenced && !fence_.is_ahead(steady_now().count())) {
    attempt.fence_passed = true;
    fail(attempt, ETIME, "fence");
    return;
  }
  if (attempt.fenced) fence_.add(attempt.number, attempt.fence_grace_ms);
  start(attempt, request);
}

void AttemptTable::start(Attempt& attempt, const Spawn& request) {
  Capture::WriteEnd output = attempt.output.open();
  if (!output.fd) return fail(attempt, output.error_number, "pipe");
  // Two descriptions of one file would overwrite each other's bytes.
  const bool one_stream =
      request.stdout_path() == request.stderr_path() && !request.stdout_path().empty();
  Capture::WriteEnd error_output;
  if (!one_stream) {
    error_output = attempt.error_output.open();
    if (!error_output.fd) return fail(attempt, error_output.error_number, "pipe");
  }
  const int stderr_fd = one_stream ? output.fd.get() : error_output.fd.get();
  if (std::max(output.fd.get(), stderr_fd) > highest_fd_) return fail(attempt, EMFILE, "pipe");
  if (const int error = watch_output(attempt); error != 0) return fail(attempt, error, "epoll");

  Contained contained = attempt.contained();
  Birthplace place;
  const Failure prepared = containment_->prepare(contained, request.resources(), place);
  if (prepared.error_number != 0) return fail(attempt, prepared.error_number, prepared.step);
  attempt.place = contained.place;
  Spawned spawned = spawner_.spawn(request, place, output.fd.get(), stderr_fd);
  if (spawned.error_number != 0) {
    attempt.end = {AttemptEnd::Kind::spawn_failed, spawned.error_number, spawned.failed_step};
  }
  if (spawned.pid < 0) return try_clear(attempt);
  attempt.pid = spawned.pid;
  attempt.pidfd = std::move(spawned.pidfd);
  by_pid_.emplace(attempt.pid, &attempt);
  // A child that failed before exec is told of when it has ended.
  if (spawned.error_number == 0) mark_changed(attempt);
}

int AttemptTable::watch_output(const Attempt& attempt) {
  const int error = poller_.add(attempt.output.fd(), EPOLLIN, {Source::output, attempt.number});
  if (error != 0 || !attempt.error_output.is_open()) return error;
  return poller_.add(attempt.error_output.fd(), EPOLLIN, {Source::error_output, attempt.number});
}

void AttemptTable::signal(const Signal& request) {
  Attempt* attempt = find(request.key());
  if (attempt == nullptr || attempt->phase != Phase::running) return;
  attempt->signalled = true;
  containment_->signal(attempt->contained(), request.signal());
}

void AttemptTable::kill(const Kill& request) {
  Attempt* attempt = find(request.key());
  if (attempt == nullptr || attempt->phase != Phase::running) return;
  attempt->signalled = true;
  containment_->kill(attempt->contained());
}

void AttemptTable::forget(const Forget& request) {
  Attempt* attempt = find(request.key());
  if (attempt == nullptr || attempt->phase != Phase::ended) return;
  by_key_.erase(attempt->key);
  attempts_.erase(attempt->number);
}

void AttemptTable::enforce_fence() {
  for (const std::uint64_t number : fence_.take_due(steady_now().count())) {
    Attempt* attempt = find(number);
    if (attempt == nullptr || attempt->phase != Phase::running) continue;
    log::warning("fence passed, attempt killed", {{"attempt", attempt->key}});
    attempt->fence_passed = true;
    containment_->kill(attempt->contained());
  }
}

void AttemptTable::on_output(std::uint64_t number, std::uint32_t events) {
  if (Attempt* attempt = find(number)) attempt->output.on_ready(events);
}

void AttemptTable::on_error_output(std::uint64_t number, std::uint32_t events) {
  if (Attempt* attempt = find(number)) attempt->error_output.on_ready(events);
}

void AttemptTable::on_leftovers(std::uint64_t number) {
  Attempt* attempt = find(number);
  if (attempt != nullptr && attempt->phase == Phase::clearing) try_clear(*attempt);
}

void AttemptTable::collect_ended() {
  while (const std::optional<Exited> exited = peek_ended_child()) {
    const auto main = by_pid_.find(exited->pid);
    if (main == by_pid_.end()) {
      reap(exited->pid);  // an orphan that came to us
    } else {
      main_ended(*main->second, *exited);
    }
  }
  const std::vector<std::uint64_t> asked = std::exchange(clearing_unwatched_, {});
  for (const std::uint64_t number : asked) {
    if (Attempt* attempt = find(number)) try_clear(*attempt);
  }
}

void AttemptTable::main_ended(Attempt& attempt, const Exited& exited) {
  containment_->main_ended(attempt.contained());
  attempt.spent = reap(exited.pid);
  by_pid_.erase(exited.pid);
  attempt.pidfd.reset();
  if (attempt.end.kind == AttemptEnd::Kind::none) {
    attempt.end.kind = exited.by_signal ? AttemptEnd::Kind::killed : AttemptEnd::Kind::exited;
    attempt.end.code = exited.code;
  }
  try_clear(attempt);
}

void AttemptTable::try_clear(Attempt& attempt) {
  attempt.phase = Phase::clearing;
  if (containment_->ran_out_of_memory(attempt.contained())) attempt.out_of_memory = true;
  // A privileged task may have moved itself elsewhere: then its own count is the greater one.
  const auto of_all = containment_->cpu_us(attempt.contained());
  attempt.spent.cpu_us = std::max(attempt.spent.cpu_us, of_all.value_or(0));
  if (containment_->is_clear(attempt.contained())) {
    end(attempt);
  } else {
    watch_clearing(attempt);
  }
}

void AttemptTable::watch_clearing(Attempt& attempt) {
  if (attempt.clear_watch) return;
  attempt.clear_watch = containment_->clear_watch(attempt.contained());
  // Ready at once when something has changed since the question was asked.
  if (attempt.clear_watch && poller_.add(attempt.clear_watch.get(), EPOLLPRI | EPOLLET,
                                         {Source::leftovers, attempt.number}) == 0) {
    return;
  }
  attempt.clear_watch.reset();
  clearing_unwatched_.push_back(attempt.number);
}

void AttemptTable::fail(Attempt& attempt, int error_number, const char* step) {
  attempt.end = {AttemptEnd::Kind::spawn_failed, error_number, step};
  end(attempt);
}

void AttemptTable::end(Attempt& attempt) {
  attempt.clear_watch.reset();
  attempt.output.finish();
  attempt.error_output.finish();
  attempt.ended_unix_ms = unix_now_ms();
  attempt.phase = Phase::ended;
  if (attempt.fenced) fence_.remove(attempt.number, attempt.fence_grace_ms);
  --live_;
  mark_changed(attempt);
}

void AttemptTable::refuse(const Spawn& request, int error_number) {
  Attempt attempt(0, request);
  attempt.started_unix_ms = attempt.ended_unix_ms = unix_now_ms();
  attempt.phase = Phase::ended;
  attempt.end = {AttemptEnd::Kind::spawn_failed, error_number, "limit"};
  attempt.fill(refused_.emplace_back());
}

void AttemptTable::fill(Snapshot& snapshot) const {
  for (const auto& [number, attempt] : attempts_) attempt->fill(*snapshot.add_attempts());
  for (const std::string& word : containment_->degraded()) snapshot.add_degraded(word);
  snapshot.set_supervisor_pid(::getpid());
  snapshot.set_supervisor_id(id_);
  snapshot.set_cgroup(containment_->cgroup());
}

void AttemptTable::take_changes(const std::function<void(const Status&)>& tell) {
  for (const Status& status : std::exchange(refused_, {})) tell(status);
  for (const std::uint64_t number : changed_) {
    Attempt* attempt = find(number);
    if (attempt == nullptr) continue;
    attempt->changed = false;
    if (died_of_our_end(*attempt)) continue;
    Status status;
    attempt->fill(status);
    tell(status);
  }
  changed_.clear();
}

void AttemptTable::kill_all() {
  for (const auto& [number, attempt] : attempts_) {
    if (attempt->phase != Phase::running) continue;
    attempt->cut_short = true;
    containment_->kill(attempt->contained());
  }
}

Attempt* AttemptTable::find(std::string_view key) {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

Attempt* AttemptTable::find(std::uint64_t number) {
  const auto found = attempts_.find(number);
  return found == attempts_.end() ? nullptr : found->second.get();
}

Attempt& AttemptTable::insert(const Spawn& request) {
  const std::uint64_t number = ++last_number_;
  auto made = std::make_unique<Attempt>(number, request);
  Attempt& attempt = *made;
  attempt.started_unix_ms = unix_now_ms();
  attempt.started_steady_ms = steady_now().count();
  attempts_.emplace(number, std::move(made));
  by_key_.emplace(attempt.key, &attempt);
  ++live_;
  return attempt;
}

void AttemptTable::mark_changed(Attempt& attempt) {
  if (std::exchange(attempt.changed, true)) return;
  changed_.push_back(attempt.number);
}

}  // namespace drover::supervisor
