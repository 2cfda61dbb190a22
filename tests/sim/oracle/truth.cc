#include "tests/sim/oracle/truth.h"

#include <algorithm>

namespace drover::sim {

void Health::set(Trouble trouble, bool is_there, Time now) {
  if (is_there) {
    troubles_.insert(trouble);
  } else if (troubles_.erase(trouble) > 0) {
    since_ = now;
  }
}

std::optional<Time> Health::calm_since() const {
  if (!troubles_.empty()) return std::nullopt;
  return since_;
}

std::optional<Time> Truth::calm_since(std::uint32_t machine) const {
  const auto node = nodes.find(machine);
  const std::optional<Time> here =
      node == nodes.end() ? std::optional<Time>(0) : node->second.calm_since();
  const auto there = master.calm_since();
  if (!here || !there) return std::nullopt;
  return std::max(*here, *there);
}

const core::GroupSpec* Truth::group(const AllocationId& id) const {
  const auto instance = instances.find(id.instance);
  if (instance == instances.end()) return nullptr;
  const auto from = templates.find(instance->second.template_name);
  if (from == templates.end() || id.group >= from->second.groups.size()) return nullptr;
  return &from->second.groups[id.group];
}

}  // namespace drover::sim
