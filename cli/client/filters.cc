#include "cli/client/filters.h"

namespace drover::cli {
namespace {

// Those that have a value.
QueryPairs given(QueryPairs pairs) {
  std::erase_if(pairs, [](const auto& pair) { return pair.second.empty(); });
  return pairs;
}

std::string flag(bool is_set) { return is_set ? "true" : ""; }

}  // namespace

QueryPairs query_of(const InstanceFilter& filter) {
  return given({{"state", filter.states},
                {"template", filter.template_name},
                {"label", filter.label},
                {"node", filter.node},
                {"since", filter.since},
                {"until", filter.until}});
}

QueryPairs query_of(const LogSelection& selection) {
  return given({{"group", selection.group},
                {"index", selection.index},
                {"task", selection.task},
                {"attempt", selection.attempt},
                {"stream", selection.stream},
                {"tail", selection.tail},
                {"since", selection.since},
                {"follow", flag(selection.follow)}});
}

QueryPairs query_of(const EventFilter& filter) {
  return given({{"after", filter.after},
                {"kind", filter.kinds},
                {"instance", filter.instance},
                {"template", filter.template_name},
                {"node", filter.node},
                {"follow", flag(filter.follow)}});
}

}  // namespace drover::cli
