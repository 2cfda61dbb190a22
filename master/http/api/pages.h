// Lists that are given in pages: "limit" and "cursor" of a query, and the body of an answer.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <string_view>
#include <utility>

#include "common/limits.h"
#include "master/http/api/answers.h"
#include "master/http/query.h"

namespace drover::http {

// How many a page may have at the most.
inline MaybeProblem read_limit(const QueryValues& query, std::uint32_t& limit) {
  limit = limits::kPageLength;
  return read_number(query, "limit", 1, limits::kLongestPage, limit);
}

// {"<name>":[...],"cursor":"..."}. `records`: those of the page, and one more where there is more.
// The cursor, where the list goes on behind it, is that of the page's last record.
template <class Records, class ToJson, class CursorOf>
Response page_response(std::string_view name, Records records, std::uint32_t limit, ToJson to_json,
                       CursorOf cursor_of) {
  const bool has_more = records.size() > limit;
  if (has_more) records.pop_back();
  boost::json::object out;
  boost::json::array& list = out[name].emplace_array();
  for (const auto& record : records) list.push_back(to_json(record));
  if (has_more) out["cursor"] = cursor_of(records.back());
  return with_body(boost::json::serialize(out));
}

}  // namespace drover::http
