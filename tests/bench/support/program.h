// The frame of a benchmark program: its flags, its end, its report.
//
//   int main(int argc, char** argv) {
//     return bench::run(argc, argv, {"What it measures.", [](const bench::Options& options,
//                                                            bench::Report& report) { ... }});
//   }
//
// Whatever it has started goes with the objects that hold it (test::Cluster, TempDir), also when
// it fails or is interrupted: so it must not call exit(), and has to ask throw_if_interrupted() in
// everything that takes long.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "tests/bench/support/report.h"

namespace drover::bench {

struct Options {
  std::string json;  // where the report goes as JSON; empty: nowhere
  // How long one turn of the thing measured takes, and how many turns there are, each beside one of
  // the reference.
  std::chrono::milliseconds turn{5000};
  int turns = 5;
  bool smoke = false;  // only whether it works: one short turn, small numbers
};

struct Program {
  std::string description;
  std::function<void(const Options&, Report&)> measure;
  std::function<void(CLI::App&)> declare;  // flags of its own; may be empty
  Options defaults;
};

// Returns the exit status: 0 whether or not targets are met, 1 after a failure (which is also an
// expectation of GoogleTest's that is not met), 130 when it was interrupted.
int run(int argc, const char* const* argv, const Program& program);

// SIGINT or SIGTERM has come.
bool interrupted();
struct Interrupted {};
void throw_if_interrupted();

// Waits that much of the time in which a benchmark measures, or until it is interrupted; throws
// then.
void let_pass(std::chrono::nanoseconds time);

}  // namespace drover::bench
