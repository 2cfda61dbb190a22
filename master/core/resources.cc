#include "master/core/resources.h"

#include <limits>

namespace drover::core {

Resources& Resources::operator+=(const Resources& other) {
  cpu_thousandths += other.cpu_thousandths;
  memory_bytes += other.memory_bytes;
  return *this;
}

Resources& Resources::operator-=(const Resources& other) {
  cpu_thousandths -= other.cpu_thousandths;
  memory_bytes -= other.memory_bytes;
  return *this;
}

Resources operator-(Resources a, const Resources& b) { return a -= b; }

Resources demand_of(const GroupSpec& group) {
  Resources sum;
  for (const TaskSpec& task : group.tasks) {
    if (!task.resources) continue;
    sum += {task.resources->cpu_thousandths.value_or(0), task.resources->memory_bytes.value_or(0)};
  }
  return sum;
}

Resources capacity_of(const Node& node) {
  constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max() / 2;
  const auto memory = static_cast<std::int64_t>(node.memory_bytes);
  return {std::int64_t{node.cpu_count} * 1000, memory > 0 ? memory : kUnknown};
}

void Reserved::add(const Resources& demand) {
  sum += demand;
  if (demand.cpu_thousandths == 0) ++without_cpu;
}

void Reserved::remove(const Resources& demand) {
  sum -= demand;
  if (demand.cpu_thousandths == 0) --without_cpu;
}

}  // namespace drover::core
