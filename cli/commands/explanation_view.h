// Why copies wait, or would have to, as a person reads it. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>

#include "cli/text/colour.h"

namespace drover::cli {

// Of `answer`, whose "waiting" says it: each group with copies that wait, what keeps them from the
// nodes, and what would help. Empty: nothing waits.
std::string waiting_text(const boost::json::object& answer, const Palette& palette);

// How many copies that is.
std::size_t count_waiting(const boost::json::object& answer);

// Of `answer`, a deploy that was only tried: where each copy would go, in lines of at most `width`
// columns (0: as many as they need), and why others would wait.
std::string plan_text(const boost::json::object& answer, std::size_t width, const Palette& palette);

}  // namespace drover::cli
