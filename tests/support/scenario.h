// Scenario files: what is told, and what came of it, as text that a person can read.
//
//   # a comment belongs to the step below it
//   deploy work as i1
//   ----
//   reply ok
//   instance i1 starting
//
// A file is a list of steps, each a command line, a line "----", and the lines that are expected;
// an empty line ends the step. run_scenario replays the commands and compares; with the variable
// DROVER_REWRITE_SCENARIOS set it writes what came out into the file instead.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drover::test {

// Carries out one command line and returns what came of it: lines, each ended by a newline.
using Play = std::function<std::string(const std::string& command)>;

// Fails the current test, with both texts, where a step's outcome differs.
void run_scenario(const std::string& path, const Play& play);

// All files below `directory` that end in ".scenario", sorted.
std::vector<std::string> scenario_files(const std::string& directory);

// "deploy work as=i1 slow" -> words "deploy", "work", "slow" and options {as: i1}.
struct Words {
  explicit Words(const std::string& line);

  std::vector<std::string> words;
  std::map<std::string, std::string, std::less<>> options;

  const std::string& word(std::size_t place) const;  // throws with the place where there is none
  std::string option(std::string_view name, const std::string& otherwise = "") const;
  bool has(std::string_view word) const;  // somewhere after the first
};

// "a,b,c" -> a, b, c; the empty text has no parts.
std::vector<std::string> split(const std::string& text, char separator);

}  // namespace drover::test
