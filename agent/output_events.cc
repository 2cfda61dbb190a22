#include "agent/output_events.h"

#include <utility>

#include "agent/wire/output.h"
#include "common/clock.h"

namespace drover::agent {
namespace {

// The call may be over before the last of its readings is given up.
output::Worker::Line line_of(const std::shared_ptr<link::OutputCall>& call) {
  const std::weak_ptr to = call;
  return {[to](output::Answer answer) {
            if (const auto open = to.lock()) {
              open->send(wire::output_message(std::move(answer), unix_now_ms()));
            }
          },
          [to] {
            if (const auto open = to.lock()) open->finish_sending();
          }};
}

}  // namespace

link::OutputEvents output_events(output::Worker& worker) {
  return {
      [&worker](const std::shared_ptr<link::OutputCall>& call, const v1::OutputRequest& message) {
        for (output::Request& request : wire::output_requests(message)) {
          worker.take(call->number(), line_of(call), std::move(request));
        }
      },
      [&worker](const link::OutputCall& call) { worker.close(call.number()); }};
}

}  // namespace drover::agent
