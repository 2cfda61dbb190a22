// How long it takes until a task begins: from the request to its first instruction, and the same
// where nothing is done but what cannot be left out.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "common/unique_fd.h"
#include "tests/bench/support/http_load.h"
#include "tests/bench/support/local_cluster.h"
#include "tests/support/temp_dir.h"

namespace rocksdb {
class DB;
}

namespace drover::bench {

// Where tasks say when they began.
class Beginnings {
 public:
  Beginnings();
  const std::string& path() const { return path_; }
  int fd() const { return fifo_.get(); }
  // The next beginning, by the monotonic clock. Throws when none comes.
  std::chrono::nanoseconds await() const;

 private:
  TempDir directory_;
  std::string path_ = directory_ / "beginnings";
  UniqueFd fifo_;
};

// Both from before the request is sent.
struct Started {
  std::chrono::nanoseconds answered{0};  // the client has the id: the deploy is durable
  std::chrono::nanoseconds began{0};     // the task's first instruction
};

// A cluster with one client.
class DeployToStart {
 public:
  // Makes a template of that name.
  DeployToStart(LocalCluster& cluster, const std::string& name);

  // Returns when the task has ended and the master has answered all.
  Started measure();

 private:
  std::string await_answer();
  void await_end(const std::string& id);

  Beginnings beginnings_;
  const std::uint16_t port_;
  KeepAliveConnection client_;
  std::string request_;
};

// A synced write of one small record, and a posix_spawn.
class WriteAndSpawn {
 public:
  WriteAndSpawn();
  ~WriteAndSpawn();

  std::chrono::nanoseconds write();
  std::chrono::nanoseconds spawn();  // to the first instruction

 private:
  Beginnings beginnings_;
  TempDir directory_;
  std::unique_ptr<rocksdb::DB> database_;
  int written_ = 0;
};

}  // namespace drover::bench
