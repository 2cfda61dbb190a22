// Templates: made, given other versions, removed.
//
// A template that was removed leaves its record behind, marked, so that a new one of its name goes
// on with the numbers of its versions, and nothing that ran of it is ever taken for something else.
#pragma once

#include <string>

#include "master/core/command.h"
#include "master/core/edit.h"
#include "master/core/outcome.h"
#include "master/core/state.h"

namespace drover::core {

// The newest version. Null: there is none, or it was removed.
Ptr<Template> find_template(const State& state, const std::string& name);

Reply create_template(Edit& edit, const CreateTemplate& command);
Reply put_template(Edit& edit, const PutTemplate& command);
Reply remove_template(Edit& edit, const RemoveTemplate& command);

}  // namespace drover::core
