#include "tests/bench/path/start_latency.h"

#include <fcntl.h>
#include <poll.h>
#include <rocksdb/db.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "tests/bench/support/program.h"

namespace drover::bench {
namespace {

constexpr char kProgram[] = DROVER_FIRST_INSTRUCTION;
constexpr int kPatienceMs = 10'000;
// About what the master writes for a deploy of one task.
constexpr std::size_t kRecordBytes = 600;

// The clock that the task reads.
std::chrono::nanoseconds now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void expect(bool condition, const std::string& what) {
  if (condition) return;
  throw_if_interrupted();
  throw std::runtime_error(what);
}

void await_readable(int fd, const std::string& what) {
  pollfd poll{fd, POLLIN, 0};
  expect(::poll(&poll, 1, kPatienceMs) == 1, what);
}

}  // namespace

Beginnings::Beginnings() {
  expect(::mkfifo(path_.c_str(), 0600) == 0, "cannot make " + path_);
  // For both, so that it is never without a reader, nor at its end.
  fifo_.reset(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
  expect(static_cast<bool>(fifo_), "cannot open " + path_);
}

std::chrono::nanoseconds Beginnings::await() const {
  await_readable(fifo_.get(), "a task does not begin");
  long long nanoseconds = 0;
  expect(::read(fifo_.get(), &nanoseconds, sizeof nanoseconds) == sizeof nanoseconds,
         "no time in the FIFO");
  return std::chrono::nanoseconds(nanoseconds);
}

DeployToStart::DeployToStart(LocalCluster& cluster, const std::string& name)
    : port_(cluster.http_port()),
      client_(port_),
      request_(post_request(port_, "/api/task/task_group/deploy", R"({"name":")" + name + "\"}")) {
  cluster.programs().create(R"({"name":")" + name +
                            R"(","task_groups":[{"tasks":[{"name":"task","config":{"command":")" +
                            kProgram + R"(","args":[")" + beginnings_.path() + R"("]}}]}]})");
}

Started DeployToStart::measure() {
  Started started;
  std::string answer;
  const auto sent = now();
  client_.send(request_);
  while (answer.empty() || started.began.count() == 0) {
    std::array<pollfd, 2> both{{{beginnings_.fd(), POLLIN, 0}, {client_.fd(), POLLIN, 0}}};
    expect(::poll(both.data(), both.size(), kPatienceMs) > 0, "a deploy comes to nothing");
    if (both[1].revents != 0) {
      answer = await_answer();
      started.answered = now() - sent;
    }
    if (both[0].revents != 0) started.began = beginnings_.await() - sent;
  }
  await_end(answer.substr(std::strlen(R"({"id":")"), 36));
  return started;
}

std::string DeployToStart::await_answer() {
  std::optional<std::string_view> body;
  while (!body) {
    await_readable(client_.fd(), "the master does not answer");
    body = client_.receive();
  }
  return std::string(*body);
}

void DeployToStart::await_end(const std::string& id) {
  client_.send(get_request(port_, "/api/v1/instances/" + id + "?wait=terminal&timeout=10s"));
  const std::string end = await_answer();
  expect(end.find(R"("state":"completed")") != end.npos, "not a success: " + end);
}

WriteAndSpawn::WriteAndSpawn() {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* database = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(options, directory_.path(), &database);
  expect(opened.ok(), opened.ToString());
  database_.reset(database);
}

WriteAndSpawn::~WriteAndSpawn() = default;

std::chrono::nanoseconds WriteAndSpawn::write() {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const std::string key = std::to_string(++written_);
  const std::string value(kRecordBytes, 'x');
  const auto began = now();
  const rocksdb::Status written = database_->Put(synced, key, value);
  const auto took = now() - began;
  expect(written.ok(), written.ToString());
  return took;
}

std::chrono::nanoseconds WriteAndSpawn::spawn() {
  std::string program = kProgram;
  std::string path = beginnings_.path();
  char* const arguments[] = {program.data(), path.data(), nullptr};
  char* const environment[] = {nullptr};
  pid_t pid = -1;
  const auto before = now();
  const int failed = ::posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments, environment);
  expect(failed == 0, std::string("cannot start ") + kProgram);
  const auto began = beginnings_.await();
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  expect(status == 0, "the program failed");
  return began - before;
}

}  // namespace drover::bench
