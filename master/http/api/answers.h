// Answers that more than one call gives.
#pragma once

#include <string>
#include <string_view>

#include "common/ids.h"
#include "master/http/message.h"

namespace drover::http {

// 200 with this JSON text.
Response with_body(std::string body);

// {"id":"<uuid>"}
Response id_response(const InstanceId& id);

// For what stands in the place of an instance's id in a path, and is none.
Response no_instance_id(std::string_view text);

// For what is asked of an instance that has ended, or never was.
Response no_live_instance(const InstanceId& id);

// For what is asked of an instance that was asked to stop.
Response is_stopping();

// For a reply of the engine that the command cannot have.
Response unexpected_reply();

}  // namespace drover::http
