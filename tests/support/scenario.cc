#include "tests/support/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace drover::test {
namespace {

struct Step {
  std::string comments;
  std::string command;
  std::string expected;
  int line = 0;
};

std::vector<Step> read_steps(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::vector<Step> steps;
  Step step;
  bool in_expected = false;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (in_expected && line.empty()) {
      steps.push_back(std::move(step));
      step = {};
      in_expected = false;
    } else if (in_expected) {
      step.expected += line + '\n';
    } else if (line == "----") {
      in_expected = true;
    } else if (line.empty() || line.front() == '#') {
      step.comments += line + '\n';
    } else {
      if (!step.command.empty()) throw std::runtime_error(path + ": two commands in one step");
      step.command = line;
      step.line = number;
    }
  }
  if (!step.command.empty()) steps.push_back(std::move(step));
  return steps;
}

void write_steps(const std::string& path, const std::vector<Step>& steps) {
  std::ofstream file(path);
  for (const Step& step : steps) {
    file << step.comments << step.command << "\n----\n" << step.expected << "\n";
  }
}

}  // namespace

void run_scenario(const std::string& path, const Play& play) {
  const bool rewrite = std::getenv("DROVER_REWRITE_SCENARIOS") != nullptr;
  std::vector<Step> steps = read_steps(path);
  ASSERT_FALSE(steps.empty()) << path << " has no step";
  for (Step& step : steps) {
    const std::string outcome = play(step.command);
    if (rewrite) {
      step.expected = outcome;
    } else {
      EXPECT_EQ(step.expected, outcome) << path << ":" << step.line << ": " << step.command;
    }
  }
  if (rewrite) write_steps(path, steps);
}

std::vector<std::string> scenario_files(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.path().extension() == ".scenario") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Words::Words(const std::string& line) {
  std::istringstream stream(line);
  for (std::string word; stream >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      words.push_back(word);
    } else {
      options[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
}

const std::string& Words::word(std::size_t place) const {
  if (place >= words.size()) {
    throw std::runtime_error("word " + std::to_string(place) + " is missing after '" +
                             (words.empty() ? "" : words.front()) + "'");
  }
  return words[place];
}

std::string Words::option(std::string_view name, const std::string& otherwise) const {
  const auto found = options.find(name);
  return found == options.end() ? otherwise : found->second;
}

bool Words::has(std::string_view word) const {
  return std::find(words.begin() + 1, words.end(), word) != words.end();
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

}  // namespace drover::test
