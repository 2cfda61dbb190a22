// What the master answers, read.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/client/connection.h"
#include "common/result.h"

namespace drover::cli {

struct Document {
  std::string text;           // as it came
  boost::json::object value;  // the same
};

// The body of a success. Else, with what the master says of it: 404 is ErrorKind::not_found, 409
// and 412 are conflict, 429 and all above 499 are unavailable, any other is invalid.
Result<Document> read_answer(HttpAnswer answer);

// The error of an answer that is none of success.
Error error_of(const HttpAnswer& answer);

// The text that an object has under this name; empty: none.
std::string text_of(const boost::json::object& object, std::string_view name);
// The whole number, `otherwise` where there is none.
std::int64_t number_of(const boost::json::object& object, std::string_view name,
                       std::int64_t otherwise = 0);
bool flag_of(const boost::json::object& object, std::string_view name);
// An empty one where there is none.
const boost::json::object& object_of(const boost::json::object& object, std::string_view name);
const boost::json::array& array_of(const boost::json::object& object, std::string_view name);

// "team=data tier=1": the members that are texts, for people.
std::string pairs_text(const boost::json::object& pairs);

}  // namespace drover::cli
