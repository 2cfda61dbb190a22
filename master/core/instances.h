// Everything that changes an instance: deploying, placing, stopping, what its tasks report.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "master/core/edit.h"

namespace drover::core {

Reply deploy(Edit& edit, const Deploy& command);
Reply stop(Edit& edit, const Stop& command);
Reply forget(Edit& edit, const ForgetInstance& command);

// An instance of the template, as it was given, with values for all of its parameters.
void make_instance(Edit& edit, const InstanceId& id, const Ptr<Template>& unresolved,
                   std::map<std::string, std::string> parameters,
                   std::optional<UnixMs> scheduled_for);

// Makes the first copies of all groups, in slots from this one on, and places them, or has them
// wait.
void place_first_copies(Edit& edit, InstanceEntry& entry, const InstanceId& id, std::uint32_t slot);

// What a node says of its attempts. Only what is placed on that node counts.
void apply_reports(Edit& edit, NodeEntry& node, const std::vector<AttemptReport>& reports);

// Brings the instance's state into line with its tasks; an instance that has ended leaves the hot
// state, and `id`'s entry is then gone.
void settle(Edit& edit, const InstanceId& id);

// The one rule by which an instance's state follows from its tasks.
InstanceState derive_state(const InstanceEntry& entry);

}  // namespace drover::core
