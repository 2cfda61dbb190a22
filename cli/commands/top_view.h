// The picture of `drover top`. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>

#include "cli/text/colour.h"
#include "cli/text/times.h"

namespace drover::cli {

// What is drawn, as the API answers it.
struct TopView {
  boost::json::object cluster;
  boost::json::object nodes;   // a list
  boost::json::object alive;   // a list of instances that have not ended
  boost::json::object newest;  // a list of instances, the newest first
  std::string problem;         // why it is not of now; empty: it is
};

// Lines of at most `columns`, at most `rows` of them: of nodes as many as fit into the upper half,
// of instances what fits below.
std::string top_picture(const TopView& view, std::size_t columns, std::size_t rows, Instant now,
                        const Palette& palette);

}  // namespace drover::cli
