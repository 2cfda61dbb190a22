// The table of what happens to a copy, and the picture of it that people read.
#include "master/core/phases.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace drover::core {
namespace {

constexpr char kReadme[] = DROVER_SOURCE_DIR "/master/README.md";

std::string table() {
  std::string text = "| |";
  std::string rule = "| --- |";
  for (std::size_t phase = 0; phase < kPhases; ++phase) {
    text += std::string(" ") + to_string(static_cast<Phase>(phase)) + " |";
    rule += " --- |";
  }
  text += "\n" + rule + "\n";
  for (std::size_t event = 0; event < kEvents; ++event) {
    text += std::string("| ") + to_string(static_cast<Event>(event)) + " |";
    for (std::size_t phase = 0; phase < kPhases; ++phase) {
      const Action action = decide(static_cast<Phase>(phase), static_cast<Event>(event));
      text += std::string(" ") + to_string(action) + " |";
    }
    text += "\n";
  }
  return text;
}

TEST(Phases, TheReadmeShowsTheTable) {
  std::ifstream file(kReadme);
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(readme.find(table()), std::string::npos) << "master/README.md must contain:\n"
                                                     << table();
}

TEST(Phases, WhatHasEndedStaysEnded) {
  for (std::size_t event = 0; event < kEvents; ++event) {
    const Action action = decide(Phase::ended, static_cast<Event>(event));
    EXPECT_TRUE(action == Action::nothing || action == Action::remove) << event;
  }
}

TEST(Phases, AWishToStopIsNeverFollowedByAStart) {
  for (const Phase phase : {Phase::stopping, Phase::unknown_stopping}) {
    for (std::size_t event = 0; event < kEvents; ++event) {
      const Action action = decide(phase, static_cast<Event>(event));
      EXPECT_NE(action, Action::start_again);
      EXPECT_NE(action, Action::start_or_lose);
    }
  }
}

TEST(Phases, FollowFromTheRecord) {
  Allocation copy;
  copy.tasks.resize(2);
  EXPECT_EQ(phase_of(copy, false), Phase::waiting);
  copy.node = NodeId{};
  EXPECT_EQ(phase_of(copy, false), Phase::starting);
  EXPECT_EQ(phase_of(copy, true), Phase::stopping);
  copy.tasks[0] = {TaskState::running, 1, 0, 0, {}};
  EXPECT_EQ(phase_of(copy, false), Phase::running);
  copy.tasks[1].state = TaskState::unknown;
  EXPECT_EQ(phase_of(copy, false), Phase::unknown);
  EXPECT_EQ(phase_of(copy, true), Phase::unknown_stopping);
  for (TaskStatus& task : copy.tasks) task.state = TaskState::succeeded;
  EXPECT_EQ(phase_of(copy, false), Phase::ended);
}

}  // namespace
}  // namespace drover::core
