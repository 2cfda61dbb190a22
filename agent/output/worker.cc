#include "agent/output/worker.h"

#include <pthread.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "agent/output/desk.h"
#include "common/limits.h"
#include "common/mutex.h"

namespace drover::agent::output {
namespace {

using Clock = std::chrono::steady_clock;

// The readings of one connection.
struct Connection {
  Connection(std::uint64_t id, Worker::Line to, const state::Layout& layout)
      : number(id), line(std::move(to)), desk(layout) {}

  const std::uint64_t number;
  const Worker::Line line;
  Desk desk;
  std::optional<Clock::time_point> idle_since = std::nullopt;
};

}  // namespace

class Worker::Work {
 public:
  Work(const state::Layout& layout, std::chrono::milliseconds idle)
      : layout_(layout), idle_(idle), thread_([this] { run(); }) {}
  ~Work() {
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
      changed_.notify_one();
    }
    thread_.join();
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  // Without a request the connection has ended.
  struct News {
    std::uint64_t connection = 0;
    Line line;
    std::optional<Request> request;
  };
  void add(News news) {
    const MutexLock lock(mutex_);
    news_.push_back(std::move(news));
    changed_.notify_one();
  }

 private:
  void run() {
    ::pthread_setname_np(::pthread_self(), "output");
    while (auto news = wait()) {
      for (News& piece : *news) take(std::move(piece));
      if (!connection_) continue;
      const bool look = Clock::now() >= look_due_;
      if (look) look_due_ = Clock::now() + limits::kOutputPollInterval;
      Answer answer = connection_->desk.turn(look);
      if (!answer.empty()) connection_->line.send(std::move(answer));
      close_if_idle();
    }
  }

  void close_if_idle() {
    const auto now = Clock::now();
    if (!connection_->desk.is_idle()) {
      connection_->idle_since.reset();
    } else if (!connection_->idle_since) {
      connection_->idle_since = now;
    } else if (now >= *connection_->idle_since + idle_) {
      connection_->line.close();
      connection_.reset();
    }
  }

  // When there is something to do without news.
  Clock::time_point next_time() const {
    if (connection_ && connection_->desk.waits()) return look_due_;
    if (connection_ && connection_->idle_since) return *connection_->idle_since + idle_;
    return Clock::time_point::max();
  }

  // What has come meanwhile; nothing at the end. Waits while there is nothing to do.
  std::optional<std::vector<News>> wait() {
    const bool has_more = connection_ && connection_->desk.has_more();
    const auto until = next_time();
    const MutexLock lock(mutex_);
    while (!stopping_ && news_.empty() && !has_more && Clock::now() < until) {
      // Far enough away, and not so far that a clock cannot count it.
      changed_.wait_until(mutex_, std::min(until, Clock::now() + std::chrono::hours(1)));
    }
    if (stopping_) return std::nullopt;
    return std::exchange(news_, {});
  }

  void take(News news) {
    const bool is_known = connection_ && connection_->number == news.connection;
    if (!news.request) {
      if (is_known) connection_.reset();
      return;
    }
    if (!is_known) connection_.emplace(news.connection, std::move(news.line), layout_);
    connection_->desk.take(*news.request);
  }

  const state::Layout layout_;
  const std::chrono::milliseconds idle_;

  Mutex mutex_;
  Condition changed_;
  std::vector<News> news_ DROVER_GUARDED_BY(mutex_);
  bool stopping_ DROVER_GUARDED_BY(mutex_) = false;

  // The thread's own.
  std::optional<Connection> connection_;
  Clock::time_point look_due_;

  std::thread thread_;
};

Worker::Worker(state::Layout layout, std::chrono::milliseconds idle)
    : layout_(std::move(layout)), idle_(idle) {}

Worker::~Worker() = default;

void Worker::take(std::uint64_t connection, const Line& line, Request request) {
  if (!work_) work_ = std::make_unique<Work>(layout_, idle_);
  work_->add({connection, line, std::move(request)});
}

void Worker::close(std::uint64_t connection) {
  if (work_) work_->add({connection, {}, std::nullopt});
}

}  // namespace drover::agent::output
