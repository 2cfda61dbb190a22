// How an attempt ended, as the API says it.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "master/core/records.h"

namespace drover::http {

// "exited with 3", for people.
std::string end_text(const core::TaskEnd& end);

// Nothing where it has not ended.
void add_end(const core::TaskEnd& end, boost::json::object& out);

}  // namespace drover::http
