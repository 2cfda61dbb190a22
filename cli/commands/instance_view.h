// An instance as a person reads it.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/text/colour.h"
#include "cli/text/times.h"

namespace drover::cli {

// `instance` as the API shows it. Lines of at most `width` columns, where they are of a table; 0:
// as many as they need.
std::string instance_text(const boost::json::object& instance, std::size_t width, Instant now,
                          const Palette& palette);

// What one task has come to, beside its state: "exited with 3", "3 restarts, unhealthy: ...".
std::string task_remarks(const boost::json::object& task);

}  // namespace drover::cli
