#include "master/http/api/filters.h"

#include <absl/strings/str_split.h>

#include "master/http/api/timestamp.h"
#include "master/http/json_text.h"

namespace drover::http {
namespace {

template <class Id>
MaybeProblem read_uuid(const QueryValues& query, std::string_view name, std::optional<Id>& out) {
  const std::string* text = query.find(name);
  if (text == nullptr) return std::nullopt;
  out = Id::parse(*text);
  if (out) return std::nullopt;
  return Problem{Code::unexpected_query,
                 std::string(name) + "=" + excerpt(*text) + " is no UUID; write for example " +
                     std::string(name) + "=01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10",
                 ""};
}

}  // namespace

std::vector<std::string> split_list(const std::string* text) {
  if (text == nullptr) return {};
  return absl::StrSplit(*text, ',', absl::SkipEmpty());
}

MaybeProblem read_id(const QueryValues& query, std::string_view name,
                     std::optional<InstanceId>& out) {
  return read_uuid(query, name, out);
}

MaybeProblem read_id(const QueryValues& query, std::string_view name, std::optional<NodeId>& out) {
  return read_uuid(query, name, out);
}

MaybeProblem read_time(const QueryValues& query, std::string_view name,
                       std::optional<core::UnixMs>& out) {
  const std::string* text = query.find(name);
  if (text == nullptr) return std::nullopt;
  out = parse_timestamp(*text);
  if (out) return std::nullopt;
  return Problem{Code::unexpected_query,
                 std::string(name) + "=" + excerpt(*text) +
                     " is no time of RFC 3339; write for example " + std::string(name) +
                     "=2026-11-25T22:45:00Z (a + is written %2B)",
                 ""};
}

MaybeProblem read_labels(const QueryValues& query, std::string_view name, Labels& out) {
  for (const std::string& each : split_list(query.find(name))) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(each, absl::MaxSplits('=', 1));
    if (parts.first.empty() || each.find('=') == std::string::npos) {
      return Problem{Code::unexpected_query,
                     std::string(name) + "=" + excerpt(each) + " is no label; write for example " +
                         std::string(name) + "=team=data",
                     ""};
    }
    out.push_back(parts);
  }
  return std::nullopt;
}

}  // namespace drover::http
