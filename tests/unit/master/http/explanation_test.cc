#include "master/http/api/explanation.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <memory>

#include "tests/support/records.h"

namespace drover::http {
namespace {

engine::NodeStatus a_node(std::uint8_t number, const std::string& zone,
                          core::Resources reserved = {}) {
  core::Node node;
  node.id = NodeId{Uuid{{number}}};
  node.online = true;
  node.cpu_count = 4;
  node.memory_bytes = 8ULL << 30;
  node.labels["zone"] = zone;
  return {std::make_shared<const core::Node>(std::move(node)), {}, {}, reserved};
}

engine::NodeStatus offline(engine::NodeStatus status) {
  core::Node node = *status.node;
  node.online = false;
  status.node = std::make_shared<const core::Node>(std::move(node));
  return status;
}

engine::NodeStatus draining(engine::NodeStatus status) {
  core::Node node = *status.node;
  node.drain = core::Drain{};
  status.node = std::make_shared<const core::Node>(std::move(node));
  return status;
}

engine::NodeStatus refusing(engine::NodeStatus status) {
  status.refuses_work = "disk full";
  return status;
}

core::GroupSpec a_group() {
  core::GroupSpec group = test::a_template_spec("work").groups.at(0);
  group.tasks[0].resources = TaskResources{2'000, std::int64_t{2} << 30};
  group.constraints = {{"label.zone", core::Operator::equal, {"a"}}};
  return group;
}

TEST(Explanation, CountsEachNodeOnceAndNamesTheNearest) {
  const std::vector<engine::NodeStatus> nodes{
      offline(a_node(1, "a")),
      refusing(a_node(2, "a")),
      a_node(3, "b"),
      a_node(4, "a", {4'000, 0}),
      a_node(5, "a", {2'500, std::int64_t{7} << 30}),
      a_node(6, "a", {0, (std::int64_t{6} << 30) + (256 << 20)}),
      draining(a_node(7, "a")),
  };
  const Explanation found = explain(a_group(), nodes);
  EXPECT_EQ(to_text(found),
            "of 7 nodes 1 is offline, 1 is drained, 1 refuses work, 1 is ruled out by label.zone = "
            "a, 2 have too "
            "little processor left and 1 has too little memory left; the nearest is " +
                nodes[5].node->id.text() + ", where 256 MiB more would do");
  EXPECT_EQ(boost::json::serialize(to_json(found)),
            R"({"nodes":7,"offline":1,"draining":1,"refusing_work":1,"constraints":[{"constraint":)"
            R"("label.zone = a","nodes":1}],"too_little_cpu":2,"too_little_memory":1,)"
            R"("nearest":{"node":")" +
                nodes[5].node->id.text() + R"(","lacks_cpu":0E0,"lacks_memory_bytes":268435456}})");
}

TEST(Explanation, SaysHowMuchOfBothIsMissing) {
  EXPECT_NE(to_text(explain(a_group(), std::vector{a_node(1, "a", {3'500, std::int64_t{8} << 30})}))
                .find("of 1 node 1 has too little processor left; the nearest is"),
            std::string::npos);
  EXPECT_NE(to_text(explain(a_group(), std::vector{a_node(1, "a", {3'500, std::int64_t{8} << 30})}))
                .find("where 1.5 cores and 2048 MiB more would do"),
            std::string::npos);
}

TEST(Explanation, HasNothingToSayWhereNodesFit) {
  EXPECT_EQ(to_text(explain(a_group(), std::vector{a_node(1, "a")})), "");
  EXPECT_EQ(to_text(explain(a_group(), {})), "");
}

}  // namespace
}  // namespace drover::http
