// What more than one call answers, and the content of answers.
#pragma once

#include <string_view>

#include "master/http/openapi/operation.h"

namespace drover::http::openapi {

extern const schema::Component kErrorShape;    // of everything that is no success
extern const schema::Component kIdShape;       // {"id"}
extern const schema::Component kSuccessShape;  // {"status":"success"}
extern const schema::Component kOkShape;       // {"status":"ok"}

// One JSON text.
Content json_content(schema::Schema schema, std::string_view example);

// {"status":"success"}, which means that.
Success plain_success(std::string_view meaning);

// {"id"} of an instance, which means that.
Success id_success(std::string_view meaning);

// Of an instance, in a path.
QueryParameter instance_in_path();

// Idempotency-Key, of what deploys. No two calls share an example.
QueryParameter request_key_header(std::string_view example);

}  // namespace drover::http::openapi
