#include "tests/bench/support/program.h"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/support/temp_dir.h"

namespace drover::bench {
namespace {

using namespace std::chrono_literals;

// Runs in a process of its own: signals are listened to for good.
int status_of(const std::function<void(const Options&, Report&)>& measure,
              std::vector<const char*> flags = {}) {
  flags.insert(flags.begin(), "program");
  return run(static_cast<int>(flags.size()), flags.data(), {"Measures.", measure, {}, {}});
}

void exits(int status, const std::function<void(const Options&, Report&)>& measure) {
  EXPECT_EXIT(std::exit(status_of(measure)), testing::ExitedWithCode(status), "");
}

TEST(ProgramDeathTest, TheExitStatusSaysHowItEnded) {
  exits(0, [](const Options&, Report&) {});
  exits(1, [](const Options&, Report&) { throw std::runtime_error("no luck"); });
  exits(130, [](const Options&, Report&) {
    std::raise(SIGINT);
    let_pass(10s);
  });
}

TEST(ProgramDeathTest, AnExpectationThatIsNotMetEndsTheRun) {
  EXPECT_EXIT(
      {
        const int status = status_of([](const Options&, Report&) {
          EXPECT_TRUE(false);
          std::exit(7);
        });
        std::exit(status);
      },
      testing::ExitedWithCode(1), "failed: ");
}

TEST(ProgramDeathTest, FlagsAndReport) {
  const TempDir directory;
  const std::string path = directory / "report.json";
  EXPECT_EXIT(
      {
        const int status = status_of(
            [](const Options& options, Report& report) {
              if (options.turn != 20ms || options.turns != 3 || options.smoke) std::exit(9);
              report.add({"P0", "nothing", "s", 1, {}, {}, {}, {}});
            },
            {"--json", path.c_str(), "--turn", "20", "--turns", "3"});
        std::exit(status);
      },
      testing::ExitedWithCode(0), "");
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_NE(std::string::npos, text.find(R"("id":"P0")")) << text;
}

TEST(LetPass, TakesItsTime) {
  const auto before = std::chrono::steady_clock::now();
  let_pass(2ms);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 2ms);
}

}  // namespace
}  // namespace drover::bench
