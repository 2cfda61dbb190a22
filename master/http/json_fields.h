// Reading the fields of JSON objects: each function says what is wrong and where, or fills `out`.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "master/http/errors.h"
#include "master/http/place.h"

namespace drover::http {

// A Problem at a place: "at /task_groups/0: <what>".
Problem problem_at(const Place& place, Code code, const std::string& what);

// "a string", "an object", ...
std::string_view kind_name(const boost::json::value& value);

// "expected <expected>, found a number".
Problem wrong_type(const boost::json::value& value, const Place& place, std::string_view expected);

// `value` as an object that has no other fields than `known`.
MaybeProblem read_object(const boost::json::value& value, const Place& place,
                         std::span<const std::string_view> known, const boost::json::object*& out);

// `value` as an array of 1 to `most` elements; with `may_be_empty`, of 0 to `most`.
enum class Emptiness { refused, allowed };
MaybeProblem read_array(const boost::json::value& value, const Place& place, std::size_t most,
                        Emptiness emptiness, const boost::json::array*& out);

// The member `name` of the object at `place`, which must be there.
MaybeProblem require(const boost::json::object& object, const Place& place, std::string_view name,
                     const boost::json::value*& out);

// A string of at most `most` bytes without NUL.
MaybeProblem read_string(const boost::json::value& value, const Place& place, std::size_t most,
                         std::string& out);

// The same, and not empty.
MaybeProblem read_text(const boost::json::value& value, const Place& place, std::size_t most,
                       std::string& out);

// The name of a template or a task: 1 to limits::kNameBytes bytes, no control characters.
MaybeProblem read_name(const boost::json::value& value, const Place& place, std::string& out);

}  // namespace drover::http
