// One bidirectional call to the master, from dialling to its end, whatever is said in it.
//
// Built on a completion queue with one thread of our own: the queue behind gRPC's callback API
// polls once a second and then sleeps for 100 ms when it is idle, which a command would have to
// wait for.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace drover::agent::link {

enum class Step { start, read, write, writes_done, finish };

// What a tag of the completion queue leads to.
class Operations {
 public:
  Operations() = default;
  Operations(const Operations&) = delete;
  Operations& operator=(const Operations&) = delete;

  // For the thread that serves the queue: each of its tags is handed in here.
  static void complete(void* tag, bool ok);

 protected:
  struct Operation {
    Operations* of;
    Step step;
  };

  virtual ~Operations() = default;
  virtual void on_completion(Step step, bool ok) = 0;

  // Before the first operation of a call. A new call reaches the queue's thread through gRPC, whose
  // ordering ThreadSanitizer cannot see; this repeats it.
  static void hand_over();
};

// Lives until the call is over, whoever else lets go of it. One message is written at a time.
template <class Out, class In>
class Call : public Operations {
 public:
  // Any thread.

  // Nothing is queued afterwards: what waits is written, then the sending side is closed.
  void finish_sending() {
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    closing_ = true;
    write_next();
  }
  void cancel() { context_.TryCancel(); }

  // Waits for the end of the call; false if it has not come by then.
  bool wait_for_end(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, time, [this] { return over_; });
  }

 protected:
  using ReaderWriter = grpc::ClientAsyncReaderWriter<Out, In>;

  // --- What a call is made of; with the mutex held ---
  virtual void connected() {}
  // What is to be written now, if anything.
  virtual std::optional<Out> next() = 0;
  // False: nothing more is read before read_next().
  virtual bool arrived(In message) = 0;
  // --- Without the mutex: a message has arrived, or the call is over ---
  virtual void news() {}

  // `prepared` is of context_. To be called once, with the mutex held.
  void start(std::unique_ptr<ReaderWriter> prepared, std::shared_ptr<Call> self) {
    self_ = std::move(self);
    call_ = std::move(prepared);
    ++operations_;
    hand_over();
    call_->StartCall(&start_);
  }

  // With the mutex held.
  void read_next() {
    ++operations_;
    call_->Read(&incoming_, &read_);
  }
  void write_next() {
    if (!connected_ || writing_ || over_) return;
    const std::optional<Out> message = next();
    if (!message && !closing_) return;
    writing_ = true;
    ++operations_;
    if (message) {
      call_->Write(*message, &write_);
    } else {
      call_->WritesDone(&writes_done_);
    }
  }

  grpc::ClientContext context_;

  std::mutex mutex_;
  // Guarded by mutex_.
  bool connected_ = false;
  bool closing_ = false;  // finish_sending() was called
  bool over_ = false;
  grpc::Status status_;  // once it is over

 private:
  void on_completion(Step step, bool ok) final {
    std::shared_ptr<Call> last_hold;  // let go of after the mutex
    {
      const std::lock_guard lock(mutex_);
      --operations_;
      carry_on(step, ok);
      if (over_ && operations_ == 0) last_hold = std::move(self_);
      if (over_) ended_.notify_all();
    }
    // A finished write is no news.
    if (step == Step::read || step == Step::finish) news();
  }

  void carry_on(Step step, bool ok) {
    switch (step) {
      case Step::start:
        if (!ok) return end_reading();
        connected_ = true;
        connected();
        write_next();
        return read_next();
      case Step::read:
        if (!ok) return end_reading();
        if (arrived(std::exchange(incoming_, {}))) read_next();
        return;
      case Step::write:
        writing_ = false;
        if (ok) write_next();
        return;
      case Step::writes_done:
        return;
      case Step::finish:
        over_ = true;
        return;
    }
  }

  // Nothing more will come: the status says why.
  void end_reading() {
    ++operations_;
    call_->Finish(&status_, &finish_);
  }

  Operation start_{this, Step::start};
  Operation read_{this, Step::read};
  Operation write_{this, Step::write};
  Operation writes_done_{this, Step::writes_done};
  Operation finish_{this, Step::finish};

  std::condition_variable ended_;
  // Guarded by mutex_.
  std::unique_ptr<ReaderWriter> call_;
  std::shared_ptr<Call> self_;  // while operations are under way
  int operations_ = 0;
  bool writing_ = false;
  In incoming_;
};

}  // namespace drover::agent::link
