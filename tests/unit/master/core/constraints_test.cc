#include "master/core/constraints.h"

#include <gtest/gtest.h>

#include "master/core/records.h"

namespace drover::core {
namespace {

Node a_node() {
  Node node;
  node.ip = "192.0.2.7";
  node.cpu_count = 16;
  node.memory_bytes = 8ULL << 30;
  node.labels = {{"zone", "north"}, {"empty", ""}};
  node.attributes = {{"kernel", "6.10.3-1-amd64"}, {"os", "debian"}};
  return node;
}

bool check(const std::string& attribute, Operator comparison, std::vector<std::string> values) {
  return holds({attribute, comparison, std::move(values)}, a_node());
}

TEST(Constraint, ComparesLabels) {
  EXPECT_TRUE(check("label.zone", Operator::equal, {"north"}));
  EXPECT_FALSE(check("label.zone", Operator::equal, {"south"}));
  EXPECT_TRUE(check("label.zone", Operator::not_equal, {"south"}));
  EXPECT_FALSE(check("label.zone", Operator::not_equal, {"north"}));
  EXPECT_TRUE(check("label.zone", Operator::in, {"south", "north"}));
  EXPECT_FALSE(check("label.zone", Operator::in, {"south", "west"}));
  EXPECT_TRUE(check("label.empty", Operator::exists, {}));
}

TEST(Constraint, OnlyNotEqualHoldsOfWhatIsNotThere) {
  EXPECT_FALSE(check("label.rack", Operator::equal, {""}));
  EXPECT_TRUE(check("label.rack", Operator::not_equal, {"r1"}));
  EXPECT_FALSE(check("label.rack", Operator::in, {"r1", ""}));
  EXPECT_FALSE(check("label.rack", Operator::exists, {}));
  EXPECT_FALSE(check("label.rack", Operator::less, {"r1"}));
  EXPECT_FALSE(check("label.rack", Operator::greater, {"r1"}));
}

TEST(Constraint, KnowsWhatTheNodeIs) {
  EXPECT_TRUE(check("node.ip", Operator::in, {"192.0.2.6", "192.0.2.7"}));
  EXPECT_TRUE(check("node.os", Operator::equal, {"debian"}));
  EXPECT_TRUE(check("node.cpus", Operator::greater, {"8"}));
  EXPECT_FALSE(check("node.cpus", Operator::greater, {"16"}));
  EXPECT_TRUE(check("node.kernel", Operator::greater, {"6.9"}));
  EXPECT_TRUE(check("node.kernel", Operator::less, {"6.11"}));
  EXPECT_FALSE(check("node.hostname", Operator::exists, {}));
}

TEST(Constraint, MemoryIsComparedWithASize) {
  EXPECT_TRUE(check("node.memory", Operator::equal, {"8GiB"}));
  EXPECT_TRUE(check("node.memory", Operator::greater, {"8191MiB"}));
  EXPECT_FALSE(check("node.memory", Operator::greater, {"8GiB"}));
  EXPECT_TRUE(check("node.memory", Operator::less, {"9GB"}));
}

TEST(NaturalOrder, TakesTheNumbersInsideForNumbers) {
  const auto less = [](const char* a, const char* b) {
    return natural_order(a, b) == std::strong_ordering::less &&
           natural_order(b, a) == std::strong_ordering::greater;
  };
  EXPECT_TRUE(less("6.9", "6.10"));
  EXPECT_TRUE(less("node9", "node10"));
  EXPECT_TRUE(less("9", "10"));
  EXPECT_TRUE(less("6.1", "6.1.0"));
  EXPECT_TRUE(less("a", "b"));
  EXPECT_TRUE(less("", "a"));
  EXPECT_TRUE(less("99999999999999999999", "100000000000000000000"));
  EXPECT_EQ(std::strong_ordering::equal, natural_order("007", "7"));
}

}  // namespace
}  // namespace drover::core
