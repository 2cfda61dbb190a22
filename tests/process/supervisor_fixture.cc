#include "tests/process/supervisor_fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "agent/supervisor/launch.h"
#include "agent/supervisor/pidfd.h"
#include "agent/supervisor/processes.h"
#include "common/limits.h"

namespace drover::supervisor {
namespace {

using Clock = std::chrono::steady_clock;

// What is waited for comes much sooner; without it the test has failed.
constexpr auto kPatience = std::chrono::seconds(30);

int ms_until(Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

Watched::Watched(pid_t pid) : pid_(pid), pidfd_(open_pidfd(pid)) {
  EXPECT_TRUE(pidfd_) << "process " << pid << " is not there";
}

bool Watched::gone_within(int timeout_ms) const {
  pollfd gone{pidfd_.get(), POLLIN, 0};
  return ::poll(&gone, 1, timeout_ms) == 1;
}

bool Watched::goes() const {
  return gone_within(static_cast<int>(std::chrono::milliseconds(kPatience).count()));
}

void Watched::signal(int signal_number) const { signal_pidfd(pidfd_.get(), signal_number); }

void SupervisorTest::SetUp() {
  const auto started = supervisor::start_supervisor(DROVER_SUPERVISOR, socket(), GetParam());
  if (!started && GetParam() == "cgroup") {
    GTEST_SKIP() << "NOT TESTED, cgroup v2 cannot be used here: " << started.error().message;
  }
  ASSERT_TRUE(started) << started.error().message;
  attach();
}

void SupervisorTest::TearDown() {
  if (!has_snapshot_) return;
  attach();
  if (has_snapshot_) stop_supervisor();
  EXPECT_EQ(supervisor_log().find("Sanitizer"), std::string::npos) << supervisor_log();
  EXPECT_EQ(supervisor_log().find("runtime error"), std::string::npos) << supervisor_log();
}

void SupervisorTest::start_supervisor() {
  const auto started = supervisor::start_supervisor(DROVER_SUPERVISOR, socket(), GetParam());
  ASSERT_TRUE(started) << started.error().message;
}

void SupervisorTest::attach() {
  has_snapshot_ = false;
  statuses_.clear();
  told_.clear();
  client_.reset();
  auto connected = SupervisorClient::connect(socket());
  if (!connected) return;  // a test may have stopped it
  client_.emplace(std::move(*connected));
  await([this] { return has_snapshot_; });
}

void SupervisorTest::stop_supervisor() {
  const Watched process = supervisor();
  process.signal(SIGTERM);
  EXPECT_TRUE(process.goes()) << supervisor_log();
  EXPECT_FALSE(std::filesystem::exists(socket()));
  client_.reset();
}

void SupervisorTest::crash_supervisor() {
  const Watched process = supervisor();
  process.signal(SIGKILL);
  EXPECT_TRUE(process.goes());
  client_.reset();
}

void SupervisorTest::stop_supervisor_at(const std::string& other_socket) {
  auto other = SupervisorClient::connect(other_socket);
  ASSERT_TRUE(other) << other.error().message;
  pollfd ready{other->fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&ready, 1, ms_until(Clock::now() + kPatience)), 1);
  auto events = other->read_events();
  ASSERT_TRUE(events && !events->empty());
  const Watched process(events->front().snapshot().supervisor_pid());
  process.signal(SIGTERM);
  EXPECT_TRUE(process.goes());
}

std::string SupervisorTest::supervisor_log() const { return content_of(socket() + ".log"); }

Spawn SupervisorTest::command(const std::string& key, std::vector<std::string> words) const {
  Spawn request;
  request.set_key(key);
  request.set_program(words.front());
  for (const std::string& word : words) request.add_arguments(word);
  request.add_environment("PATH=/usr/bin:/bin");
  request.set_working_dir(directory_.path());
  request.set_stdout_path(output_path(key));
  request.set_stderr_path(output_path(key) + ".err");
  return request;
}

void SupervisorTest::spawn(const Spawn& spawned) {
  Request request;
  *request.mutable_spawn() = spawned;
  send(request);
}

void SupervisorTest::spawn(const std::string& key, std::vector<std::string> words) {
  spawn(command(key, std::move(words)));
}

void SupervisorTest::probe(const std::string& key, const std::string& what,
                           const std::string& argument) {
  spawn(key, {DROVER_PROBE, what, argument});
}

void SupervisorTest::signal(const std::string& key, int signal_number) {
  Request request;
  request.mutable_signal()->set_key(key);
  request.mutable_signal()->set_signal(signal_number);
  send(request);
}

void SupervisorTest::kill(const std::string& key) {
  Request request;
  request.mutable_kill()->set_key(key);
  send(request);
}

void SupervisorTest::forget(const std::string& key) {
  Request request;
  request.mutable_forget()->set_key(key);
  send(request);
}

void SupervisorTest::fenced_probe(const std::string& key, std::int64_t grace_ms,
                                  const std::string& what, const std::string& argument) {
  Spawn request = command(key, {DROVER_PROBE, what, argument});
  request.set_fenced(true);
  request.set_fence_grace_ms(grace_ms);
  spawn(request);
}

void SupervisorTest::fence(std::int64_t steady_ms) {
  Request request;
  request.mutable_fence()->set_steady_ms(steady_ms);
  send(request);
}

// Requests are obeyed in order, so an answer to the last tells of all.
void SupervisorTest::settle() {
  const std::string key = "settle" + std::to_string(++settled_);
  run(key, {"/no/such/program"});
  forget(key);
  flush();
}

Status SupervisorTest::await_running(const std::string& key) {
  await([&] { return known(key).has_value(); });
  return known(key).value_or(Status());
}

Status SupervisorTest::await_end(const std::string& key) {
  await([&] { return known(key) && known(key)->end_case() != Status::END_NOT_SET; });
  return known(key).value_or(Status());
}

std::string SupervisorTest::printed_by(const Spawn& request) {
  spawn(request);
  const Status status = await_end(request.key());
  EXPECT_EQ(status.exit_code(), 0) << status.DebugString() << output(request.key(), ".err");
  return output(request.key());
}

bool SupervisorTest::lacks(const std::string& word) const {
  const auto& words = snapshot_.degraded();
  return std::find(words.begin(), words.end(), word) != words.end();
}

Status SupervisorTest::run(const std::string& key, std::vector<std::string> words) {
  spawn(key, std::move(words));
  return await_end(key);
}

std::optional<Status> SupervisorTest::known(const std::string& key) const {
  const auto found = statuses_.find(key);
  if (found == statuses_.end()) return std::nullopt;
  return found->second;
}

int SupervisorTest::told(const std::string& key) const {
  const auto found = told_.find(key);
  return found == told_.end() ? 0 : found->second;
}

bool SupervisorTest::connection_ends() {
  const auto deadline = Clock::now() + kPatience;
  while (Clock::now() < deadline) {
    pollfd ready{client_->fd(), POLLIN, 0};
    ::poll(&ready, 1, ms_until(deadline));
    const auto read = client_->read_events();
    if (!read) return true;
    for (const Event& event : *read) note(event);
  }
  return false;
}

std::string SupervisorTest::make_fifo(const std::string& name) const {
  EXPECT_EQ(::mkfifo((directory_ / name).c_str(), 0600), 0);
  return directory_ / name;
}

Watched SupervisorTest::await_report(const std::string& fifo) const {
  const UniqueFd fd(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  pollfd ready{fd.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&ready, 1, ms_until(Clock::now() + kPatience)), 1);
  pid_t pid = 0;
  EXPECT_EQ(::read(fd.get(), &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  return Watched(pid);
}

std::string SupervisorTest::output(const std::string& key, const std::string& suffix) const {
  return content_of(output_path(key) + suffix);
}

int SupervisorTest::open_descriptors() const {
  int count = 0;
  int kept = 0;
  const std::string path = "/proc/" + std::to_string(snapshot_.supervisor_pid()) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
    const bool is_of_place =
        !snapshot_.cgroup().empty() && target.starts_with(snapshot_.cgroup() + "/");
    ++(is_of_place ? kept : count);
  }
  constexpr int kFilesOfPlace = 4;  // its directory, and what is read there
  EXPECT_LE(kept, kFilesOfPlace * static_cast<int>(limits::kSupervisorIdleCgroups));
  return count;
}

int SupervisorTest::child_count() const {
  int count = 0;
  for (const ProcessStat& info : all_processes()) {
    if (info.parent == snapshot_.supervisor_pid()) ++count;
  }
  return count;
}

void SupervisorTest::await_no_children() {
  const auto deadline = Clock::now() + kPatience;
  while (child_count() > 0 && Clock::now() < deadline) settle();
  EXPECT_EQ(child_count(), 0);
}

void SupervisorTest::send(const Request& request) { client_->send(request); }

void SupervisorTest::await(const std::function<bool()>& done) {
  const auto deadline = Clock::now() + kPatience;
  while (!done()) {
    if (Clock::now() > deadline) FAIL() << "what was awaited did not come\n" << supervisor_log();
    flush();
    const short events = static_cast<short>(POLLIN | (client_->wants_write() ? POLLOUT : 0));
    pollfd ready{client_->fd(), events, 0};
    ::poll(&ready, 1, ms_until(deadline));
    auto read = client_->read_events();
    if (!read) FAIL() << read.error().message << "\n" << supervisor_log();
    for (const Event& event : *read) note(event);
  }
}

void SupervisorTest::note(const Event& event) {
  if (event.has_snapshot()) {
    snapshot_ = event.snapshot();
    has_snapshot_ = true;
    for (const Status& status : snapshot_.attempts()) statuses_[status.key()] = status;
  } else {
    statuses_[event.status().key()] = event.status();
    ++told_[event.status().key()];
  }
}

void SupervisorTest::flush() {
  const auto flushed = client_->flush();
  EXPECT_TRUE(flushed) << flushed.error().message;
}

}  // namespace drover::supervisor
