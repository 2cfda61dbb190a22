// Replays every file of tests/scenario/master on the master's core.
#include <gtest/gtest.h>

#include "tests/scenario/master/core_player.h"

namespace drover::test {
namespace {

class CoreScenario : public testing::TestWithParam<std::string> {};

TEST_P(CoreScenario, CameOutAsWritten) {
  CorePlayer player;
  run_scenario(GetParam(),
               [&player](const std::string& line) { return split(player.play(line), '\n'); });
}

INSTANTIATE_TEST_SUITE_P(Files, CoreScenario, testing::ValuesIn(scenario_files(DROVER_SCENARIOS)),
                         [](const auto& file) { return scenario_name(file.param); });

}  // namespace
}  // namespace drover::test
