// One call of AgentLink.Session, from dialling to its end.
//
// Built on a completion queue with one thread of our own: the queue behind gRPC's callback API
// polls once a second and then sleeps for 100 ms when it is idle, which a command would have to
// wait for.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "drover/agent.grpc.pb.h"

namespace drover::agent::link {

class Stream {
 public:
  // What is called from the queue's thread after something has happened; must not block.
  using Wake = std::function<void()>;

  // Dials. `hello` goes out first; its advertise_ip, if empty, becomes the local address of the
  // connection. The object lives until the call is over, whoever else lets go of it.
  static std::shared_ptr<Stream> dial(const std::shared_ptr<grpc::Channel>& channel,
                                      grpc::CompletionQueue& queue, v1::AgentMessage hello,
                                      Wake wake);
  // Use dial().
  Stream(const std::shared_ptr<grpc::Channel>& channel, Wake wake);

  // All below: any thread.

  // Queued behind what is being written; what is queued goes out as few messages.
  void send(v1::AgentMessage message);
  // No send() afterwards: what is queued is written, then the sending side is closed.
  void finish_sending();
  void cancel();

  struct Taken {
    std::vector<v1::MasterMessage> messages;  // in the order of their arrival
    std::optional<grpc::Status> end;          // present once, at the end of the call
  };
  // What has arrived since the last time.
  Taken take();

  // Waits for the end of the call; false if it has not come by then.
  bool wait_for_end(std::chrono::milliseconds time);

  // For the thread that serves the queue: each of its tags is handed in here.
  static void complete(void* tag, bool ok);

 private:
  enum class Step { start, read, write, writes_done, finish };
  // A tag of the completion queue.
  struct Operation {
    Stream* stream;
    Step step;
  };

  void on_completion(Step step, bool ok);
  // These are called with the mutex held.
  void read_next();
  void write_next();
  void started();
  void end_reading();

  // Constant after construction.
  const Wake wake_;
  const std::unique_ptr<v1::AgentLink::Stub> stub_;

  Operation start_{this, Step::start};
  Operation read_{this, Step::read};
  Operation write_{this, Step::write};
  Operation writes_done_{this, Step::writes_done};
  Operation finish_{this, Step::finish};

  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<v1::AgentMessage, v1::MasterMessage>> call_;

  std::mutex mutex_;
  std::condition_variable ended_;
  // Guarded by mutex_.
  std::shared_ptr<Stream> self_;  // while operations are under way
  int operations_ = 0;
  bool connected_ = false;
  bool writing_ = false;
  bool closing_ = false;  // finish_sending() was called
  bool reading_paused_ = false;
  bool over_ = false;
  bool end_taken_ = false;
  std::deque<v1::AgentMessage> outbox_;
  std::vector<v1::MasterMessage> inbox_;
  v1::MasterMessage incoming_;
  grpc::Status status_;
};

}  // namespace drover::agent::link
