// Between the messages of an agent's output stream and what is asked for and brought. Pure; any
// thread.
#pragma once

#include <cstdint>

#include "drover/agent.pb.h"
#include "master/output/reader.h"

namespace drover::agents {

// The data is taken out of the message.
output::Chunk decode_chunk(v1::OutputChunk& message);
output::End decode_end(const v1::OutputEnd& message);

v1::OutputRequest encode_read(std::uint64_t id, const output::Request& request);

}  // namespace drover::agents
