// The schema of what a group wants of its node.
#pragma once

#include <boost/json/value.hpp>

#include "master/core/records.h"
#include "master/http/template/schema.h"

namespace drover::http {

MaybeProblem read_constraints(const boost::json::value& value, const Place& place,
                              core::GroupSpec& group);
MaybeProblem read_affinity(const boost::json::value& value, const Place& place,
                           core::GroupSpec& group);
MaybeProblem read_spread(const boost::json::value& value, const Place& place,
                         core::GroupSpec& group);
MaybeProblem read_pack(const boost::json::value& value, const Place& place, core::GroupSpec& group);

Fields<core::Constraint> constraint_fields();
Fields<core::Affinity> affinity_fields();

}  // namespace drover::http
