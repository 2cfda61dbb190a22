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
inline constexpr schema::Component kConstraintSchema{"Constraint", "What must hold of a node.",
                                                     object_of<constraint_fields>};
inline constexpr schema::Component kAffinitySchema{
    "Affinity", "What is preferred of a node, or avoided.", object_of<affinity_fields>};

}  // namespace drover::http
