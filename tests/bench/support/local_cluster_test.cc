#include "tests/bench/support/local_cluster.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

namespace drover::bench {
namespace {

TEST(LocalCluster, CostsAreThoseOfItsPrograms) {
  LocalCluster cluster;
  const Costs before = cluster.costs();
  cluster.programs().create("work", "true");
  const std::string id = cluster.programs().deploy("work");
  cluster.programs().await_status(id, 1);
  const Costs costs = cluster.costs() - before;
  for (const double each : {costs.master, costs.agent, costs.supervisor, costs.client}) {
    EXPECT_GT(each, 0);
  }
  const boost::json::object each = costs.each(2);
  EXPECT_DOUBLE_EQ(costs.master * 1e6 / 2, each.at("master").as_double());
}

TEST(LocalCluster, ConditionsSayWhereItStores) {
  const boost::json::object conditions = LocalCluster().conditions();
  EXPECT_EQ("real", conditions.at("processes").as_string());
  EXPECT_FALSE(conditions.at("file system").as_string().empty());
  EXPECT_TRUE(conditions.at("node lacks").is_array());
}

TEST(LocalCluster, TheStoreMayBeElsewhere) {
  const TempDir elsewhere;
  {
    LocalCluster cluster({elsewhere / "data", elsewhere / "state"});
    cluster.programs().create("work", "true");
  }
  EXPECT_TRUE(std::filesystem::exists(elsewhere / "data"));
  EXPECT_TRUE(std::filesystem::exists(elsewhere / "state"));
  LocalCluster again({elsewhere / "data", elsewhere / "state"});
  EXPECT_NE("", again.programs().deploy("work"));
}

}  // namespace
}  // namespace drover::bench
