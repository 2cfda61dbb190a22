// What a query asks of the members of a list or a stream.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids.h"
#include "master/core/records.h"
#include "master/http/errors.h"
#include "master/http/query_values.h"

namespace drover::http {

// "a,b" as its parts; nothing for null.
std::vector<std::string> split_list(const std::string* text);

// Each leaves `out` as it is where the parameter was not given.
MaybeProblem read_id(const QueryValues& query, std::string_view name,
                     std::optional<InstanceId>& out);
MaybeProblem read_id(const QueryValues& query, std::string_view name, std::optional<NodeId>& out);
// RFC 3339, "2026-11-25T22:45:00Z", with as many digits of a second as there are.
MaybeProblem read_time(const QueryValues& query, std::string_view name,
                       std::optional<core::UnixMs>& out);
// "k=v", or "k=v,l=w".
using Labels = std::vector<std::pair<std::string, std::string>>;
MaybeProblem read_labels(const QueryValues& query, std::string_view name, Labels& out);

}  // namespace drover::http
