// What a template of kind `system` may say: its copies are counted and placed by the nodes.
#pragma once

#include "master/core/records.h"
#include "master/http/template/schema.h"

namespace drover::http {

// `place` is the template's.
MaybeProblem check_system(const core::TemplateSpec& spec, const Place& place);

}  // namespace drover::http
