// How an attempt ended, as the API says it.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "common/resource_use.h"
#include "master/core/outcome.h"
#include "master/core/records.h"

namespace drover::http {

// "exited with 3", for people.
std::string end_text(const core::TaskEnd& end);

// What an attempt has used, or of one that runs, what it takes and when that was found. Nothing
// where that is not known.
void add_used(const ResourceUse& used, boost::json::object& out);
void add_used(const core::MeasuredTask& measured, boost::json::object& out);

// Nothing where it has not ended.
void add_end(const core::TaskEnd& end, boost::json::object& out);

}  // namespace drover::http
