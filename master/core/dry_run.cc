#include "master/core/dry_run.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "master/core/choice.h"
#include "master/core/parameters.h"
#include "master/core/reservations.h"
#include "master/core/templates.h"

namespace drover::core {
namespace {

// Holds room for what it has planned, so that the next copy finds less, and gives all of it back.
class Planner {
 public:
  Planner(Edit& edit, Ptr<Template> from) : edit_(edit) {
    entry_.from = std::move(from);
    plan_.from = entry_.from;
  }
  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;
  ~Planner() {
    for (const Allocation& copy : held_) {
      NodeEntry& node = edit_.state().nodes.at(*copy.node);
      let_go(node, entry_, copy);
      edit_.state().placement.update(offer_of(node));
    }
  }

  void plan_groups() {
    const TemplateSpec& spec = entry_.from->spec;
    for (std::uint32_t group = 0; group < spec.groups.size(); ++group) {
      Choice choice(edit_.state(), entry_, entry_.from, group, edit_.now());
      const auto others =
          spec.gang.value_or(false) ? std::nullopt : edit_.state().waiting.find(choice.demand());
      for (std::uint32_t index = 0; index < spec.groups[group].copies(); ++index) {
        const SlotRole role{group, index};
        // Behind those that wait for the same.
        others ? wait(role, *others) : choose(copy_of(role), choice);
      }
    }
    if (spec.gang.value_or(false)) bind();
  }

  // On each node that fits it.
  void plan_system() {
    std::vector<NodeId> nodes;
    for (const auto& [id, node] : edit_.state().nodes) nodes.push_back(id);
    std::sort(nodes.begin(), nodes.end());
    const auto& groups = entry_.from->spec.groups;
    for (std::uint32_t group = 0; group < groups.size(); ++group) {
      std::uint32_t index = 0;
      for (const NodeId& id : nodes) {
        const Node& node = *edit_.state().nodes.at(id).node;
        const bool takes_work = node.online && !node.drain;
        if (!takes_work || !all_hold(groups[group].constraints, node)) continue;
        Allocation copy = copy_of({group, index++});
        copy.pinned = id;
        Choice choice(edit_.state(), entry_, copy, edit_.now());
        choose(std::move(copy), choice);
      }
    }
  }

  Ptr<PlacementPlan> take() { return std::make_shared<const PlacementPlan>(std::move(plan_)); }

 private:
  Allocation copy_of(const SlotRole& role) {
    return first_copy(*entry_.from, InstanceId(), next_slot_++, role);
  }

  void choose(Allocation copy, Choice& choice) {
    const Offer* offer = choice.next(Slot());
    if (offer == nullptr) return wait(copy.role, choice.why_not(), copy.pinned);
    const NodeId node = offer->node->id;
    choice.placed(*offer);
    plan_.copies.push_back({copy.role, node});
    copy.node = node;
    NodeEntry& there = edit_.state().nodes.at(node);
    hold(there, entry_, copy);
    edit_.state().placement.update(offer_of(there));
    held_.push_back(std::move(copy));
  }

  void wait(const SlotRole& role, WaitReason reason, std::optional<NodeId> pinned = std::nullopt) {
    plan_.copies.push_back({role, std::nullopt, reason, pinned});
  }

  // All of them, or none: where one waits, the others wait for it.
  void bind() {
    const bool all = std::all_of(plan_.copies.begin(), plan_.copies.end(),
                                 [](const PlannedCopy& each) { return each.node.has_value(); });
    if (all) return;
    for (PlannedCopy& each : plan_.copies) {
      if (each.node) each.waits_for = WaitReason::gang;
      each.node.reset();
    }
  }

  Edit& edit_;
  InstanceEntry entry_;  // that the state knows nothing of
  std::uint32_t next_slot_ = 0;
  std::vector<Allocation> held_;
  PlacementPlan plan_;
};

}  // namespace

Reply dry_run(Edit& edit, const DryRun& command) {
  const Ptr<Template> found = find_template(edit.state(), command.template_name);
  if (!found) return {ReplyCode::unknown_template};
  if (auto problem = check_values(found->spec, command.parameters)) {
    return {ReplyCode::wrong_parameter, std::move(problem->what), std::move(problem->parameter)};
  }
  Planner planner(edit, resolve(found, with_defaults(found->spec, command.parameters)));
  found->spec.kind == Kind::system ? planner.plan_system() : planner.plan_groups();
  Reply reply;
  reply.plan = planner.take();
  return reply;
}

}  // namespace drover::core
