// The calls under /api/v1/cluster.
#include <array>

#include "master/http/openapi/operations.h"
#include "master/http/openapi/shapes.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr std::array<std::string_view, 3> kStates = {"normal", "suspended", "read_only"};

constexpr std::array kClusterMembers = std::to_array<Member>({
    {"state", required, schema::word<kStates>,
     "`suspended`: too many nodes are silent at once, and nothing is replaced. `read_only`: a "
     "write failed, and nothing more is acknowledged"},
    {"reason", optional, schema::text, "Why it is not `normal`, and what to do, for people"},
    {"since", optional, schema::time, "When it came to this state; absent from the start on"},
    {"nodes", required, schema::count, "How many there are"},
    {"online_nodes", required, schema::count, "Of them online"},
    {"silent_nodes", required, schema::count, "Of them silent, and not given up"},
    {"live_instances", required, schema::count, "Instances that have not ended"},
});
constexpr schema::Component kClusterShape{"Cluster",
                                          "Whether the master trusts what it sees of its nodes.",
                                          schema::object<kClusterMembers>};

constexpr std::string_view kTag = "Cluster";

}  // namespace

Operation get_cluster() {
  return {
      .id = "getCluster",
      .tag = kTag,
      .description = "Whether the master trusts what it sees of its nodes, and can write.",
      .success = {"The cluster.",
                  {json_content(schema::ref<kClusterShape>,
                                R"({"state": "normal", "nodes": 3, "online_nodes": 3,
                                    "silent_nodes": 0, "live_instances": 12})")}},
  };
}

Operation resume_cluster() {
  return {
      .id = "resumeCluster",
      .tag = kTag,
      .effect = Effect::changes,
      .description = "The silent nodes are lost: what ran there is given up and replaced.",
      .success = plain_success("The master does not wait for them any more."),
  };
}

}  // namespace drover::http::openapi
