#include "common/signals.h"

#include <gtest/gtest.h>

#include <csignal>

namespace drover {
namespace {

TEST(SignalsTest, NamesHaveNumbers) {
  EXPECT_EQ(stop_signal_number("SIGTERM"), SIGTERM);
  EXPECT_EQ(stop_signal_number("SIGQUIT"), SIGQUIT);
  EXPECT_EQ(stop_signal_number("TERM"), std::nullopt);
  EXPECT_EQ(stop_signal_number("sigterm"), std::nullopt);
  EXPECT_EQ(stop_signal_number("15"), std::nullopt);
  EXPECT_EQ(stop_signal_number("SIGSTOP"), std::nullopt) << "it would ask for no end";
}

TEST(SignalsTest, TheListIsInOrder) {
  std::string_view last;
  for (const SignalName& each : stop_signals()) {
    EXPECT_LT(last, each.name);
    last = each.name;
    EXPECT_EQ(stop_signal_number(each.name), each.number);
  }
}

}  // namespace
}  // namespace drover
