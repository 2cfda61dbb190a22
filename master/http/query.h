// The parameters of a query string: which there may be.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "master/http/errors.h"
#include "master/http/openapi/schema.h"
#include "master/http/query_values.h"

namespace drover::http {

// One that a call takes.
struct QueryParameter {
  std::string_view name;
  schema::Schema schema;
  std::string_view example;
  std::string_view text;  // for people
};

// Parameters that `allowed` does not name, that are there twice, or are no UTF-8, are refused.
// `path` is for the refusal.
MaybeProblem parse_query(std::string_view text, std::string_view path,
                         std::span<const QueryParameter> allowed, QueryValues& out);

// Leaves `out` as it is where the parameter was not given. It must be a whole number from `least`
// to `most`.
MaybeProblem read_number(const QueryValues& values, std::string_view name, std::uint32_t least,
                         std::uint32_t most, std::uint32_t& out);

// The same; a duration such as "30s", from `least` to `most`.
MaybeProblem read_duration(const QueryValues& values, std::string_view name,
                           std::chrono::milliseconds least, std::chrono::milliseconds most,
                           std::chrono::milliseconds& out);

// The same; it must be true or false.
MaybeProblem read_flag(const QueryValues& values, std::string_view name, bool& out);

// A part of a path or a query, whose escapes are right, without them.
std::string decoded(std::string_view text);

}  // namespace drover::http
