// The Idempotency-Key header of a deploy: a client that does not know whether its request has
// arrived sends it again with the same key, and one instance is made.
#pragma once

#include "master/core/command.h"
#include "master/http/errors.h"
#include "master/http/message.h"

namespace drover::http {

// Puts the key, where there is one, and the digest of what the command asks for into it. To be
// called when the rest of the command is there.
MaybeProblem read_request_key(const RequestHead& head, core::Deploy& command);

// For core::ReplyCode::key_reused.
Problem key_reused();

}  // namespace drover::http
