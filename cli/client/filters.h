// What is asked for, of calls that can be asked for a part. Empty members ask for nothing in
// particular. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drover::cli {

// Names and values of a query string.
using QueryPairs = std::vector<std::pair<std::string_view, std::string>>;

struct InstanceFilter {
  std::string states;  // with commas between
  std::string template_name;
  std::string label;  // "key=value"
  std::string node;
  std::string since;  // RFC 3339
  std::string until;
};
QueryPairs query_of(const InstanceFilter& filter);

struct LogSelection {
  std::string instance;
  std::string group;
  std::string index;
  std::string task;
  std::string attempt;  // a number, or "all"
  std::string stream;
  std::string tail;
  std::string since;  // RFC 3339
  bool follow = false;
};
// Without the instance, which is in the path.
QueryPairs query_of(const LogSelection& selection);

// What of an instance is meant; without any: all of it.
struct InstancePart {
  std::string group;                   // its name, or its position
  std::optional<std::uint32_t> index;  // of a copy within its group
  std::string task;
};

struct EventFilter {
  std::string after;  // "INDEX" or "INDEX.POSITION"
  std::string kinds;  // with commas between
  std::string instance;
  std::string template_name;
  std::string node;
  bool follow = false;
};
QueryPairs query_of(const EventFilter& filter);

}  // namespace drover::cli
