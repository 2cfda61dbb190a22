// What a client has already, and what it would rather have: ETag and compression of whole answers.
#pragma once

#include <string>

#include "master/http/message.h"

namespace drover::http {

// Of a GET that was answered with 200: gives it an ETag, unless the handler has; becomes 304 where
// If-None-Match has that; is compressed where the client takes gzip and it is worth it. Pure; any
// thread.
void represent(const RequestHead& head, Response& response);

// One tag of If-Match or If-None-Match, without what says that it is weak: "\"3\"" of `W/"3"`.
// Whether the header's list has it, or is "*".
bool has_tag(const std::string& list, const std::string& tag);

}  // namespace drover::http
