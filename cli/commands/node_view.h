// Nodes as a person reads them.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/text/colour.h"
#include "cli/text/table.h"
#include "cli/text/times.h"

namespace drover::cli {

// "online", "offline", "draining", "drained", or "refuses work".
std::string node_state(const boost::json::object& node);

// `answer` as the API lists nodes.
Table node_table(const boost::json::object& answer, Instant now);

// One node, and what is placed there.
std::string node_text(const boost::json::object& node, std::size_t width, Instant now,
                      const Palette& palette);

}  // namespace drover::cli
