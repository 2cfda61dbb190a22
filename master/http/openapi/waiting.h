// What a deploy that is only tried answers.
#pragma once

#include "master/http/openapi/schema.h"

namespace drover::http::openapi {

extern const schema::Component kPlanShape;

}  // namespace drover::http::openapi
