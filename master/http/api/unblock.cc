#include "master/http/api/unblock.h"

#include <algorithm>
#include <optional>

#include "master/core/parameters.h"

namespace drover::http {
namespace {

// Of what is on a node so many are looked at.
constexpr std::size_t kLookedAt = 500;

bool would_fit(const core::GroupSpec& group, const engine::NodeStatus& status) {
  return core::all_hold(group.constraints, *status.node) &&
         core::demand_of(group).fits_in(core::capacity_of(*status.node) - status.reserved);
}

// Of what is placed; nothing: its template cannot be read.
std::optional<core::Resources> demand_of(const engine::View& view, const core::Instance& instance,
                                         const core::Allocation& copy) {
  const auto version = view.find_version(instance.template_name, copy.version);
  if (!version) return std::nullopt;
  const auto from = core::resolve(version, instance.parameters);
  if (copy.role.group >= from->spec.groups.size()) return std::nullopt;
  return core::demand_of(from->spec.groups[copy.role.group]);
}

// The smallest that leaves enough when it goes.
std::string stop_what(const engine::View& view, const Explanation::Nearest& nearest) {
  std::optional<core::Resources> least;
  core::Ptr<core::Instance> which;
  std::size_t looked = 0;
  for (const auto& copy : view.allocations_on(nearest.node)) {
    if (++looked > kLookedAt) break;
    const auto instance = view.find_instance(copy->id.instance);
    const auto demand = instance ? demand_of(view, *instance, *copy) : std::nullopt;
    if (!demand || !nearest.lacks.fits_in(*demand)) continue;
    const bool is_less = !least || (demand->memory_bytes <= least->memory_bytes &&
                                    demand->cpu_thousandths <= least->cpu_thousandths);
    if (!is_less) continue;
    least = demand;
    which = instance;
  }
  if (!which) return "";
  return "stop instance " + which->id.text() + " of '" + which->template_name +
         "', which reserves " + to_text(*least) + " on node " + nearest.node.text();
}

// Those that are there and take nothing, and would have room for it.
void add_withheld(const core::GroupSpec& group, std::span<const engine::NodeStatus> nodes,
                  std::vector<std::string>& out) {
  const auto first = [&](auto is_so) {
    const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const auto& each) {
      return is_so(each) && would_fit(group, each);
    });
    return found == nodes.end() ? nullptr : &*found;
  };
  const auto draining = [](const auto& each) { return each.node->online && each.node->drain; };
  const auto refusing = [](const auto& each) {
    return each.node->online && !each.node->drain && !each.refuses_work.empty();
  };
  const auto offline = [](const auto& each) { return !each.node->online; };
  if (const auto* node = first(draining)) {
    out.push_back("resume node " + node->node->id.text() + ", which is drained");
  }
  if (const auto* node = first(refusing)) {
    out.push_back("mend node " + node->node->id.text() +
                  ", which refuses work: " + node->refuses_work);
  }
  if (const auto* node = first(offline)) {
    out.push_back("bring back node " + node->node->id.text() + " (" + node->node->ip +
                  "), which is offline");
  }
}

// By the constraint that rules out the most.
void add_constraint(const Explanation& found, std::vector<std::string>& out) {
  const auto most =
      std::max_element(found.constraints.begin(), found.constraints.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == found.constraints.end() || most->second == 0) return;
  out.push_back("add a node where " + most->first + ", or deploy without that constraint");
}

void add_room(const engine::View& view, const Explanation::Nearest& nearest,
              std::vector<std::string>& out) {
  out.push_back(to_text(nearest.lacks) + " more on node " + nearest.node.text());
  if (std::string stop = stop_what(view, nearest); !stop.empty()) out.push_back(std::move(stop));
}

// What happens without anybody's doing.
const char* by_itself(core::WaitReason reason) {
  switch (reason) {
    case core::WaitReason::none:
    case core::WaitReason::node_lost:
    case core::WaitReason::drained:
      return "nothing: it is placed in a moment";
    case core::WaitReason::backoff:
      return "nothing: it is tried again when its pause is over; mend what makes it fail";
    case core::WaitReason::nodes_avoided:
      return "mend what makes it fail, or add a node where it has not failed; it is tried again "
             "from time to time";
    case core::WaitReason::no_node:
    case core::WaitReason::no_match:
    case core::WaitReason::no_room:
    case core::WaitReason::its_node:
    case core::WaitReason::gang:
      return nullptr;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> unblock(const engine::View& view, const core::GroupSpec& group,
                                 std::span<const engine::NodeStatus> nodes,
                                 const Explanation& found, core::WaitReason reason) {
  if (const char* nothing = by_itself(reason)) return {nothing};
  std::vector<std::string> out;
  if (nodes.empty()) return {"start an agent: no node is known"};
  if (found.nearest) add_room(view, *found.nearest, out);
  add_withheld(group, nodes, out);
  if (!found.nearest) add_constraint(found, out);
  if (out.empty() && reason == core::WaitReason::gang) {
    out.push_back("room for all copies of the instance at once, which are placed together");
  }
  return out;
}

}  // namespace drover::http
