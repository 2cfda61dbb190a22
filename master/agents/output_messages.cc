#include "master/agents/output_messages.h"

#include <utility>

#include "common/limits.h"
#include "master/agents/messages.h"

namespace drover::agents {

output::Chunk decode_chunk(v1::OutputChunk& message) {
  output::Chunk chunk;
  chunk.attempt = message.attempt();
  chunk.data = std::move(*message.mutable_data());
  // Without a file nothing was open yet.
  if (message.next().file() != 0) chunk.next = {message.next().file(), message.next().offset()};
  chunk.skipped = message.skipped();
  chunk.read_at = message.unix_ms();
  return chunk;
}

output::End decode_end(const v1::OutputEnd& message) {
  switch (message.cause()) {
    case v1::OUTPUT_END_COMPLETE:
      return {output::EndCause::complete};
    case v1::OUTPUT_END_NOTHING:
      return {output::EndCause::nothing};
    case v1::OUTPUT_END_BUSY:
      return {output::EndCause::busy, "as many readers as the node takes read there"};
    default:
      return {output::EndCause::failed, message.text()};
  }
}

v1::OutputRequest encode_read(std::uint64_t id, const output::Request& request) {
  v1::OutputRequest message;
  v1::ReadOutput& read = *message.mutable_read();
  read.set_reading(id);
  set_allocation(request.attempt.allocation, *read.mutable_allocation());
  read.set_task(request.attempt.task);
  read.set_attempt(request.attempt.attempt);
  read.set_error_output(request.error_output);
  if (request.tail_lines) read.set_tail_lines(*request.tail_lines);
  read.set_since_unix_ms(request.since_unix_ms);
  if (request.from) {
    read.mutable_from()->set_file(request.from->file);
    read.mutable_from()->set_offset(request.from->offset);
  }
  read.set_follow(request.follow);
  read.set_credit_bytes(limits::kOutputCredit);
  return message;
}

}  // namespace drover::agents
