#include "master/http/template/system.h"

#include <string>

namespace drover::http {
namespace {

MaybeProblem refuse(const Place& place) {
  auto problem = problem_at(
      place, Code::invalid_value,
      "has no meaning with \"kind\": \"system\", which has one copy of each group on every node "
      "that its \"constraints\" fit; leave it out");
  problem.example_shown = true;
  return problem;
}

MaybeProblem check_group(const core::GroupSpec& group, const Place& place) {
  if (group.count) return refuse(Place(place, "count"));
  if (group.spread) return refuse(Place(place, "spread"));
  if (group.pack) return refuse(Place(place, "pack"));
  if (!group.affinity.empty()) return refuse(Place(place, "affinity"));
  if (group.on_return) return refuse(Place(place, "on_return"));
  return std::nullopt;
}

}  // namespace

MaybeProblem check_system(const core::TemplateSpec& spec, const Place& place) {
  if (spec.kind != core::Kind::system) return std::nullopt;
  if (spec.gang) return refuse(Place(place, "gang"));
  const Place groups(place, "task_groups");
  for (std::size_t i = 0; i < spec.groups.size(); ++i) {
    const Place at(groups, i);
    if (auto problem = check_group(spec.groups[i], at)) return problem;
  }
  return std::nullopt;
}

}  // namespace drover::http
