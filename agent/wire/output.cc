#include "agent/wire/output.h"

#include <utility>

#include "agent/wire/convert.h"

namespace drover::agent::wire {
namespace {

std::optional<output::Request> read_output(const v1::ReadOutput& message) {
  const auto allocation = allocation_id(message.allocation());
  if (!allocation) return std::nullopt;
  output::Read read;
  read.reading = message.reading();
  read.attempt = {*allocation, message.task(), message.attempt()};
  read.error_output = message.error_output();
  if (message.has_tail_lines()) read.beginning.tail_lines = message.tail_lines();
  read.beginning.since_unix_ms = message.since_unix_ms();
  if (message.has_from()) read.beginning.from = {message.from().file(), message.from().offset()};
  read.follow = message.follow();
  read.credit = message.credit_bytes();
  return read;
}

std::optional<output::Request> request(const v1::OutputRequest& message) {
  switch (message.kind_case()) {
    case v1::OutputRequest::kRead:
      return read_output(message.read());
    case v1::OutputRequest::kCredit:
      return output::Credit{message.credit().reading(), message.credit().bytes()};
    case v1::OutputRequest::kFinish:
      return output::Finish{message.finish()};
    case v1::OutputRequest::kCancel:
      return output::Cancel{message.cancel()};
    case v1::OutputRequest::KIND_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

v1::OutputEndCause cause(output::EndCause cause) {
  switch (cause) {
    case output::EndCause::complete:
      return v1::OUTPUT_END_COMPLETE;
    case output::EndCause::nothing:
      return v1::OUTPUT_END_NOTHING;
    case output::EndCause::busy:
      return v1::OUTPUT_END_BUSY;
    case output::EndCause::failed:
      break;
  }
  return v1::OUTPUT_END_FAILED;
}

}  // namespace

std::vector<output::Request> output_requests(const v1::OutputRequest& message) {
  std::vector<output::Request> requests;
  if (message.received_bytes() > 0) {
    requests.emplace_back(output::Received{message.received_bytes()});
  }
  if (auto asked = request(message)) requests.push_back(std::move(*asked));
  return requests;
}

v1::OutputMessage output_message(output::Answer answer, std::int64_t unix_ms) {
  v1::OutputMessage message;
  for (output::Chunk& chunk : answer.chunks) {
    v1::OutputChunk* written = message.add_chunks();
    written->set_reading(chunk.reading);
    written->set_attempt(chunk.attempt);
    written->set_data(std::move(chunk.data));
    written->mutable_next()->set_file(chunk.next.file);
    written->mutable_next()->set_offset(chunk.next.offset);
    written->set_skipped(chunk.skipped);
    if (chunk.is_new) written->set_unix_ms(unix_ms);
  }
  for (output::End& end : answer.ends) {
    v1::OutputEnd* written = message.add_ends();
    written->set_reading(end.reading);
    written->set_cause(cause(end.cause));
    written->set_text(std::move(end.text));
  }
  return message;
}

}  // namespace drover::agent::wire
