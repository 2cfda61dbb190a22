#include "master/http/api/log_lane.h"

#include <deque>
#include <utility>

#include "common/limits.h"
#include "common/mutex.h"

namespace drover::http {

// Bounded by the credit of the reading.
class LogLane::Inbox final : public output::Listener {
 public:
  explicit Inbox(Wake wake) : wake_(std::move(wake)) {}

  void on_chunk(output::Chunk chunk) override {
    {
      const MutexLock lock(mutex_);
      chunks_.push_back(std::move(chunk));
    }
    wake_();
  }
  void on_end(output::End end) override {
    {
      const MutexLock lock(mutex_);
      end_ = std::move(end);
    }
    wake_();
  }

  News take() {
    const MutexLock lock(mutex_);
    if (chunks_.empty()) return {std::nullopt, std::exchange(end_, std::nullopt)};
    News news{std::move(chunks_.front()), std::nullopt};
    chunks_.pop_front();
    return news;
  }

 private:
  const Wake wake_;
  Mutex mutex_;
  std::deque<output::Chunk> chunks_ DROVER_GUARDED_BY(mutex_);
  std::optional<output::End> end_ DROVER_GUARDED_BY(mutex_);
};

LogLane::LogLane(output::Reader& reader, output::Request request, Wake wake, Time now)
    : reader_(reader), request_(std::move(request)), wake_(std::move(wake)), heard_(now) {
  open();
}

void LogLane::open() {
  was_answered_ = false;
  inbox_ = std::make_shared<Inbox>(wake_);
  reading_ = reader_.read(request_, inbox_);
}

LogLane::News LogLane::take(Time now) {
  News news = inbox_->take();
  if (news.chunk) {
    was_answered_ = true;
    heard_ = now;
    if (news.chunk->next) request_.from = news.chunk->next;
    if (!news.chunk->data.empty()) reading_->grant(news.chunk->data.size());
  } else if (news.end && news.end->cause == output::EndCause::node_gone) {
    // The time for which it may be silent goes on.
    if (was_answered_) heard_ = now;
    open();
    return {};
  }
  return news;
}

void LogLane::finish(Time now) {
  if (!request_.follow) return;
  request_.follow = false;
  heard_ = now;
  reading_->finish();
}

std::optional<LogLane::Time> LogLane::deadline() const {
  if (was_answered_ && request_.follow) return std::nullopt;
  return heard_ + limits::kOutputSilence;
}

}  // namespace drover::http
