#include "master/agents/server_settings.h"

#include <absl/synchronization/mutex.h>
#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>

#include <cstdlib>

#include "common/limits.h"

namespace drover::agents {
namespace {

// The library's own lines are for its developers; an operator who wants them sets GRPC_VERBOSITY.
void silence_log() {
  if (std::getenv("GRPC_VERBOSITY") == nullptr) {
    gpr_set_log_function([](gpr_log_func_args*) {});
  }
}

// Where Abseil was built without NDEBUG, as Debian builds it, it keeps a graph of the order in
// which gRPC takes its locks: an eighth of the processor time, and memory for each agent.
void spare_lock_graph() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }

}  // namespace

void set_up_library() {
  silence_log();
  spare_lock_graph();
}

void set_up(grpc::ServerBuilder& builder) {
  const int most_bytes = static_cast<int>(limits::kAgentMessageBytes);
  builder.SetMaxReceiveMessageSize(most_bytes);
  builder.SetMaxSendMessageSize(most_bytes);
  // Without this a second master would silently share the port.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // A peer that vanished without a word is noticed by its missing heartbeats; the ping frees the
  // connection. Agents ping as well, and may.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
}

}  // namespace drover::agents
