// Short names and readable lines for the agent core's inputs and outputs, for scenario files.
// "a7" is allocation <instance 7>.0.1, "a7.0.1" the first attempt of its first task.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/core/io.h"
#include "agent/core/state.h"

namespace drover::agent::core::scenario {

AllocationId allocation_of(std::string_view name);
// The supervisor's key of "a7.0.1"; a name of another form stands for itself.
std::string key_of(std::string_view name);

std::string name_of(const AllocationId& id);
std::string name_of(const AttemptId& id);
std::string name_of_key(const std::string& key);

// "exit=3", "signal=9", "errno=2:exec".
EndCause cause_of(std::string_view text);

// One line for each effect, in the order in which they are to be carried out.
std::vector<std::string> lines_of(const Output& output);
std::vector<std::string> lines_of(const State& state);
std::string line_of(const JournalRecord& record);

}  // namespace drover::agent::core::scenario
