#include "common/process_limits.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <set>

namespace drover {
namespace {

TEST(ProcessLimitsTest, EachIsFoundByItsName) {
  ASSERT_NE(find_process_limit("nofile"), nullptr);
  EXPECT_EQ(find_process_limit("nofile")->resource, RLIMIT_NOFILE);
  EXPECT_EQ(find_process_limit("core")->unit, LimitUnit::bytes);
  EXPECT_EQ(find_process_limit("NOFILE"), nullptr);
  EXPECT_EQ(find_process_limit(""), nullptr);
}

TEST(ProcessLimitsTest, AllOfTheKernelsAreThereOnceAndInOrder) {
  std::set<int> numbers;
  std::string_view last;
  for (const ProcessLimitKind& kind : process_limits()) {
    EXPECT_LT(last, kind.name);
    last = kind.name;
    EXPECT_EQ(std::string(kind.step), "limit " + std::string(kind.name));
    numbers.insert(kind.resource);
  }
  EXPECT_EQ(numbers.size(), static_cast<std::size_t>(RLIM_NLIMITS));
}

}  // namespace
}  // namespace drover
