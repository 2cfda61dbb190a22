#include "tests/bench/support/conditions.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <stdexcept>

namespace drover::bench {
namespace {

TEST(Conditions, AreThoseOfThisMachine) {
  const boost::json::object conditions = machine_conditions();
  EXPECT_GE(conditions.at("cores").to_number<int>(), 1);
  EXPECT_TRUE(conditions.at("kernel").as_string().starts_with("Linux "));
  for (const char* name : {"cpu", "load", "build", "revision"}) {
    EXPECT_TRUE(conditions.contains(name)) << name;
  }
}

TEST(Conditions, AFileSystemHasAName) {
  EXPECT_FALSE(file_system_of("/").empty());
  EXPECT_THROW(file_system_of("/no/such/directory"), std::runtime_error);
}

}  // namespace
}  // namespace drover::bench
