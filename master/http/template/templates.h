// The schema of a template, and the one way from JSON to it.
#pragma once

#include <string_view>

#include "master/core/records.h"
#include "master/http/template/schema.h"

namespace drover::http {

Fields<core::TemplateSpec> template_fields();
inline constexpr schema::Component kTemplateSchema{
    "Template", "What can be deployed: groups of tasks, and how they are run.",
    object_of<template_fields>};

// The whole body of a request to create a template. `out` is left alone where it is refused.
MaybeProblem read_template(std::string_view body, core::TemplateSpec& out);

}  // namespace drover::http
