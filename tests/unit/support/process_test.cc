#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <csignal>

namespace drover::test {
namespace {

// More than a pipe holds, so that some of it is unread whenever the writer ends.
constexpr std::size_t kMuch = 300'000;
const std::string kWriteMuch = "head -c " + std::to_string(kMuch) + " /dev/zero; ";

TEST(Process, AfterItsEndAllOfItsOutputIsThere) {
  for (int time = 0; time < 20; ++time) {
    Process process({"/bin/sh", "-c", kWriteMuch + "exit 3"});
    EXPECT_EQ(3, process.wait());
    EXPECT_EQ(kMuch, process.output().size());
  }
}

// As an agent leaves its supervisor behind.
TEST(Process, AnotherOneThatHoldsTheOutputIsNotWaitedFor) {
  Process process({"/bin/sh", "-c", "sleep 600 & " + kWriteMuch + "echo; echo left $!"});
  EXPECT_EQ(0, process.wait());
  const std::string output = process.output();
  const std::size_t place = output.rfind("left ");
  ASSERT_NE(std::string::npos, place);
  EXPECT_EQ(0, ::kill(std::stoi(output.substr(place + 5)), SIGKILL));
}

}  // namespace
}  // namespace drover::test
