// The templates of a simulated cluster: of every policy, with tasks of every behaviour.
#pragma once

#include <string>

#include "master/core/records.h"
#include "tests/sim/base/random.h"

namespace drover::sim {

core::TemplateSpec random_template(const std::string& name, Random& random);

// One that is deployed by itself, each minute.
core::TemplateSpec random_scheduled_template(const std::string& name, Random& random);

}  // namespace drover::sim
