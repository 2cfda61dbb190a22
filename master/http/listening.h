// How other threads reach a connection that waits.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "master/http/answer.h"
#include "master/http/net.h"
#include "master/http/worker.h"

namespace drover::http {

// While it lives, `heard` is called on the worker's thread, once for all wakes since the last call.
class Listening {
 public:
  Listening(Worker& worker, std::function<void()> heard)
      : worker_(worker.shared_from_this()), ear_(std::make_shared<Ear>()) {
    ear_->heard = std::move(heard);
  }
  ~Listening() { ear_->heard = nullptr; }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  // Keeps the worker's executor, for a wake that comes after the server's end.
  Wake wake() const {
    return [worker = worker_, ear = ear_] {
      if (ear->woken.exchange(true)) return;
      auto hear = [ear] {
        ear->woken = false;
        if (ear->heard) ear->heard();
      };
      net::asio::post(worker->executor(), std::move(hear));
    };
  }

 private:
  struct Ear {
    std::atomic<bool> woken = false;
    std::function<void()> heard;  // the worker's thread only
  };

  const std::shared_ptr<Worker> worker_;
  const std::shared_ptr<Ear> ear_;
};

}  // namespace drover::http
