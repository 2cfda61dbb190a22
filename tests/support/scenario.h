// Scenario files: what is told, and what came of it, as text that a person can read.
//
//   # A comment belongs to what follows it.
//   > deploy work as=i1
//     reply ok
//     instance i1 starting
//
// A line that begins with "> " is a command; the lines indented by two spaces below it are what
// came of it. With the variable DROVER_REWRITE_SCENARIOS set, the files are written anew with what
// comes of the commands now, so that a change of behaviour is read as a diff.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace drover::test {

// Carries out one command and returns what came of it, a line each.
using Play = std::function<std::vector<std::string>(const std::string& command)>;

// Replays the file. Fails the current test, with both texts, where something else came of it than
// is written.
void run_scenario(const std::string& path, const Play& play);

// All files in `directory` that end in ".scenario", sorted. Never none: a test that replays nothing
// would be one that cannot fail.
std::vector<std::string> scenario_files(const std::string& directory);

// The file's name without its ending, for the name of a test.
std::string scenario_name(const std::string& path);

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
