// The schema of the parameters that a template declares.
#pragma once

#include "master/core/records.h"
#include "master/http/template/schema.h"

namespace drover::http {

Fields<core::Parameter> parameter_fields();
inline constexpr schema::Component kParameterSchema{
    "TemplateParameter", "What can be given at a deployment.", object_of<parameter_fields>};

MaybeProblem read_parameters(const boost::json::value& value, const Place& place,
                             core::TemplateSpec& spec);

// Whether every ${name} of the template's texts is a parameter of it. `place` is that of its
// groups.
MaybeProblem check_references(const core::TemplateSpec& spec, const Place& place);

}  // namespace drover::http
