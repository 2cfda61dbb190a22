// Records as tests need them: valid, small, with the parts that matter given by the caller.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "master/core/outcome.h"
#include "master/core/records.h"

namespace drover::test {

inline core::TemplateSpec a_template_spec(const std::string& name) {
  return {name, {{{{"task", "/bin/true", {}, {}, {}, {}}}}}};
}

inline core::Ptr<core::Template> a_template(const std::string& name) {
  return std::make_shared<const core::Template>(
      core::Template{a_template_spec(name), "{\"name\":\"" + name + "\"}", 1, Index{1}});
}

inline core::Ptr<core::Instance> an_instance(const InstanceId& id, core::InstanceState state) {
  core::Instance instance;
  instance.id = id;
  instance.template_name = "work";
  instance.slot_count = 1;
  instance.slots = {{0, 1}};
  instance.state = state;
  instance.created_at = 1'700'000'000'000;
  instance.state_since = 1'700'000'000'500;
  instance.changed = Index{7};
  return std::make_shared<const core::Instance>(instance);
}

inline core::Ptr<core::Allocation> an_allocation(const InstanceId& id,
                                                 const core::TaskStatus& task) {
  core::Allocation allocation;
  allocation.id = {id, 0, 1};
  allocation.node = NodeId{new_uuid()};
  allocation.node_incarnation = 3;
  allocation.placed_at = 1'700'000'000'100;
  allocation.tasks = {task};
  allocation.changed = Index{8};
  return std::make_shared<const core::Allocation>(allocation);
}

inline core::FinishedInstance a_finished_instance(const InstanceId& id, core::UnixMs ended_at) {
  core::Instance instance = *an_instance(id, core::InstanceState::completed);
  instance.state_since = ended_at;
  const core::TaskStatus task{
      core::TaskState::succeeded, 1, 1, ended_at, {core::EndKind::exited, 0, {}}};
  return {std::make_shared<const core::Instance>(instance), {an_allocation(id, task)}};
}

}  // namespace drover::test
