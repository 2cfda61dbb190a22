// An event as a person reads it.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/text/colour.h"

namespace drover::cli {

// "2025-03-09T12:00:00.000Z  instance.state      running     template=nightly  …", on one line.
std::string event_text(const boost::json::object& event, const Palette& palette);

}  // namespace drover::cli
