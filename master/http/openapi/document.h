// The OpenAPI document, made of the table of routes and the operations that it names.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "master/http/routes.h"

namespace drover::http::openapi {

// OpenAPI 3.1 as JSON. Made at the first call, and the same text from then on. Any thread.
const std::string& document();

// One operation of it, and the schemas that it refers to.
boost::json::object operation_json(const Route& route, schema::Components& components);

// A response with the shared shape of errors, for these codes, which have one status or one class
// of them.
boost::json::object error_response(const std::vector<Code>& codes, schema::Components& components);

}  // namespace drover::http::openapi
