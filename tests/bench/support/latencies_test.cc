#include "tests/bench/support/latencies.h"

#include <gtest/gtest.h>

namespace drover::bench {
namespace {

using namespace std::chrono_literals;

TEST(Latencies, NoneHaveNoPercentiles) {
  EXPECT_EQ(0ns, Latencies().percentile(50));
  EXPECT_EQ(0U, Latencies().count());
}

TEST(Latencies, PercentilesAreSamples) {
  Latencies latencies(1000);
  for (int i = 1000; i > 0; --i) latencies.add(std::chrono::microseconds(i));
  EXPECT_EQ(1000U, latencies.count());
  EXPECT_EQ(1us, latencies.percentile(0));
  EXPECT_EQ(500us, latencies.percentile(50));
  EXPECT_EQ(990us, latencies.percentile(99));
  EXPECT_EQ(999us, latencies.percentile(99.9));
  EXPECT_EQ(1000us, latencies.percentile(100));
}

TEST(Latencies, SamplesMayComeAfterAQuestion) {
  Latencies latencies;
  latencies.add(3us);
  EXPECT_EQ(3us, latencies.percentile(50));
  latencies.add(1us);
  latencies.add(2us);
  EXPECT_EQ(2us, latencies.percentile(50));
  latencies.clear();
  EXPECT_EQ(0U, latencies.count());
}

TEST(Latencies, ASummaryIsInMicroseconds) {
  Latencies latencies;
  latencies.add(1500ns);
  const boost::json::object summary = latencies.summary();
  EXPECT_EQ(1, summary.at("count").to_number<int>());
  for (const char* name : {"min", "p50", "p90", "p99", "p999", "max"}) {
    EXPECT_DOUBLE_EQ(1.5, summary.at(name).as_double()) << name;
  }
}

}  // namespace
}  // namespace drover::bench
