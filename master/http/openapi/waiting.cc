// Copies that wait for a node, and copies that are only planned.
#include "master/http/openapi/waiting.h"

#include <array>

#include "common/limits.h"
#include "master/core/records.h"
#include "master/http/openapi/instance_shape.h"
#include "master/http/openapi/operations.h"
#include "master/http/openapi/shapes.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr std::array kGroupMembers = std::to_array<Member>({
    {"group", required, schema::count, "The group's position in its template, from 0"},
    {"name", optional, schema::name, "The group's, where it has one"},
});

constexpr std::array kWaitingMembers = std::to_array<Member>({
    {"copies", required, schema::count, "How many of the group wait for this"},
    {"for_node", optional, schema::uuid, "The only node that they may be on"},
    {"waits_for", required, schema::word_of<core::WaitReason::none, core::WaitReason::gang>,
     "Why, for programs"},
    {"reason", required, schema::text, "Why, for people"},
    {"excluded", required, schema::ref<kExclusionShape>, "What rules out which nodes"},
    {"unblock", required, schema::list<schema::text>,
     "What would help, for people, the nearest first: `512 MiB more on node ...`"},
});
constexpr schema::Component kWaitingShape{"WaitingCopies", "Copies of a group without a node.",
                                          schema::object<kGroupMembers, kWaitingMembers>};

constexpr std::array kExplanationMembers = std::to_array<Member>({
    {"id", required, schema::uuid, "The instance's"},
    {"state", required, schema::word_of<core::InstanceState::pending, core::InstanceState::lost>,
     "How it is"},
    {"waiting", required, schema::list<schema::ref<kWaitingShape>>, "Empty: nothing waits"},
});
constexpr schema::Component kExplanationShape{"Explanation",
                                              "Why an instance does not have all its nodes.",
                                              schema::object<kExplanationMembers>};

constexpr std::array kPlacedMembers = std::to_array<Member>({
    {"index", required, schema::count, "Which copy of the group, from 0"},
    {"node", required, schema::uuid, "Where it would go"},
});
constexpr schema::Component kPlacedShape{"PlannedCopy", "A copy that would have a node.",
                                         schema::object<kGroupMembers, kPlacedMembers>};

constexpr std::array kPlanMembers = std::to_array<Member>({
    {"template", required, schema::name, "Of which template"},
    {"version", required, schema::whole<1, limits::kMostVersion>, "Of the template"},
    {"placed", required, schema::list<schema::ref<kPlacedShape>>, "What would have a node"},
    {"waiting", required, schema::list<schema::ref<kWaitingShape>>, "What would wait for one"},
});

constexpr std::string_view kExplanationAnswer = R"({
  "id": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10", "state": "pending",
  "waiting": [{
    "group": 0, "name": "web", "copies": 2, "waits_for": "no_room",
    "reason": "no node that it may be on has as much left as it reserves",
    "excluded": {"nodes": 1, "offline": 0, "draining": 0, "refusing_work": 0, "constraints": [],
      "too_little_cpu": 0, "too_little_memory": 1,
      "nearest": {"node": "01930b7e-4d21-7e0a-8f3b-9b6d2c1a7f05", "lacks_cpu": 0,
        "lacks_memory_bytes": 536870912}},
    "unblock": ["512 MiB more on node 01930b7e-4d21-7e0a-8f3b-9b6d2c1a7f05"]}]})";

}  // namespace

constexpr schema::Component kPlanShape{"Plan", "Where the copies of an instance would go.",
                                       schema::object<kPlanMembers>};

Operation explain_instance() {
  return {
      .id = "explainInstance",
      .tag = "Instances",
      .description =
          "For each group with copies that have no node: what rules out how many nodes, the one "
          "where least is missing, and what would help.",
      .path_parameter = instance_in_path(),
      .success = {"What waits, and why.",
                  {json_content(schema::ref<kExplanationShape>, kExplanationAnswer)}},
      .errors = {Code::invalid_id, Code::unknown_instance, Code::record_damaged,
                 Code::store_failed},
  };
}

}  // namespace drover::http::openapi
