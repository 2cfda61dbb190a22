#include "tests/support/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace drover::test {
namespace {

constexpr char kCommand[] = "> ";
constexpr char kOutcome[] = "  ";

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The text with what comes of its commands now.
std::string replay(const std::string& text, const Play& play) {
  std::istringstream lines(text);
  std::string now;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kOutcome)) continue;
    now += line + '\n';
    if (!line.starts_with(kCommand)) continue;
    for (const std::string& outcome : play(line.substr(2))) now += kOutcome + outcome + '\n';
  }
  return now;
}

}  // namespace

void run_scenario(const std::string& path, const Play& play) {
  const std::string written = read_text(path);
  ASSERT_NE(std::string::npos, written.find(kCommand)) << path << " has no command";
  const std::string now = replay(written, play);
  if (std::getenv("DROVER_REWRITE_SCENARIOS") != nullptr) {
    std::ofstream(path) << now;
  } else {
    EXPECT_EQ(written, now) << path << "; DROVER_REWRITE_SCENARIOS=1 records the new behaviour";
  }
}

std::vector<std::string> scenario_files(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".scenario") files.push_back(entry.path().string());
  }
  if (files.empty()) throw std::runtime_error("no scenario in " + directory);
  std::sort(files.begin(), files.end());
  return files;
}

std::string scenario_name(const std::string& path) {
  return std::filesystem::path(path).stem().string();
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
