// Paths and queries of the API, encoded. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drover::cli {

// "/api/v1", each of the parts behind a slash, and the query.
//
//   target({"templates", "日报"}, {{"version", "2"}})
std::string target(const std::vector<std::string_view>& parts,
                   const std::vector<std::pair<std::string_view, std::string>>& query = {});

}  // namespace drover::cli
