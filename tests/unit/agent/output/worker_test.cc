// The thread that reads for the master.
#include "agent/output/worker.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "common/limits.h"
#include "tests/unit/agent/output/output_files.h"

namespace drover::agent::output {
namespace {

class WorkerTest : public OutputFiles {
 protected:
  void read(std::uint64_t connection, std::uint64_t number, bool follow) {
    Read read;
    read.reading = number;
    read.attempt = attempt(1);
    read.follow = follow;
    read.credit = limits::kOutputCredit;
    worker_.take(connection, line(connection), read);
  }
  Worker::Line line(std::uint64_t connection) {
    return {[this, connection](const Answer& answer) {
              const std::lock_guard lock(mutex_);
              for (const Chunk& chunk : answer.chunks) said_[connection] += chunk.data;
              for (const End& end : answer.ends) ended_[connection].push_back(end.reading);
              changed_.notify_all();
            },
            [this, connection] {
              const std::lock_guard lock(mutex_);
              closed_.push_back(connection);
              changed_.notify_all();
            }};
  }
  void wait(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20), condition)) << "waited in vain";
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, std::string> said_;
  std::map<std::uint64_t, std::vector<std::uint64_t>> ended_;
  std::vector<std::uint64_t> closed_;
  Worker worker_{layout_, std::chrono::milliseconds(200)};
};

TEST_F(WorkerTest, WhatIsWrittenIsSentWithoutBeingAskedFor) {
  read(1, 1, true);
  append(path(), "first\n");
  wait([this] { return said_[1] == "first\n"; });
  append(path(), "second\n");
  wait([this] { return said_[1] == "first\nsecond\n"; });
  worker_.take(1, line(1), Finish{1});
  wait([this] { return ended_[1].size() == 1; });
}

TEST_F(WorkerTest, AnotherConnectionBeginsAnew) {
  append(path(), "text\n");
  read(1, 1, true);
  wait([this] { return said_[1] == "text\n"; });
  read(2, 1, true);
  wait([this] { return said_[2] == "text\n"; });
  worker_.close(1);
  append(path(), "more\n");
  wait([this] { return said_[2] == "text\nmore\n"; });
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(said_[1], "text\n");
}

TEST_F(WorkerTest, AConnectionOnWhichNothingIsReadIsClosed) {
  append(path(), "text\n");
  read(1, 1, true);
  wait([this] { return said_[1] == "text\n"; });
  read(1, 2, false);
  wait([this] { return ended_[1].size() == 1; });
  {
    const std::lock_guard lock(mutex_);
    EXPECT_TRUE(closed_.empty()) << "one is being followed";
  }
  const auto before = std::chrono::steady_clock::now();
  worker_.take(1, line(1), Cancel{1});
  wait([this] { return closed_.size() == 1; });
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(200));
}

TEST_F(WorkerTest, AfterItsEndAConnectionIsToldNothing) {
  read(1, 1, true);
  wait([this] { return said_.contains(1); });
  worker_.close(1);
  append(path(), "text\n");
  read(2, 1, false);
  wait([this] { return ended_[2].size() == 1; });
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(said_[1], "");
}

}  // namespace
}  // namespace drover::agent::output
