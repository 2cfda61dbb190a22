#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "tests/tidy/rules.h"

namespace drover::tidy {
namespace {

namespace fs = std::filesystem;

// Without comments.
std::string cmake_code(const std::string& text) {
  return std::regex_replace(text, std::regex("#[^\n]*"), "");
}

std::vector<std::string> words_of(const std::string& text) {
  static const std::regex word("[^\\s()\"]+");
  std::vector<std::string> words;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), word);
       match != std::sregex_iterator(); ++match) {
    words.push_back(match->str());
  }
  return words;
}

// The words, and those with a foreach's variable once more with each of its values.
std::vector<std::string> expanded_words(const std::string& code) {
  static const std::regex loops("\\bforeach\\s*\\(([^)]*)\\)");
  std::vector<std::string> words = words_of(code);
  for (auto match = std::sregex_iterator(code.begin(), code.end(), loops);
       match != std::sregex_iterator(); ++match) {
    const std::vector<std::string> loop = words_of((*match)[1].str());
    if (loop.empty()) continue;
    const std::string variable = "${" + loop[0] + "}";
    for (const std::string& word : words_of(code)) {
      const std::size_t place = word.find(variable);
      if (place == std::string::npos) continue;
      for (std::size_t value = 1; value < loop.size(); ++value) {
        words.push_back(std::string(word).replace(place, variable.size(), loop[value]));
      }
    }
  }
  return words;
}

// The files that a CMakeLists.txt names, as paths from the top level.
std::set<std::string> files_named_by(const File& list) {
  std::set<std::string> named;
  const fs::path directory = list.directory();
  for (std::string word : expanded_words(cmake_code(list.text))) {
    for (const std::string here : {"${CMAKE_CURRENT_SOURCE_DIR}/", "${PROJECT_SOURCE_DIR}/"}) {
      if (!word.starts_with(here)) continue;
      word = word.substr(here.size());
      if (here.starts_with("${PROJECT")) named.insert(word);
    }
    named.insert((directory / word).lexically_normal().generic_string());
    // drover_proto() puts its sources into a directory of the package's name.
    if (word.ends_with(".proto")) named.insert((directory / "drover" / word).generic_string());
  }
  return named;
}

}  // namespace

Findings find_unbuilt_files(const Files& files) {
  std::map<std::string, std::set<std::string>> named_in;
  for (const File& file : files) {
    if (fs::path(file.path).filename() == "CMakeLists.txt") {
      named_in[file.directory()] = files_named_by(file);
    }
  }
  Findings findings;
  for (const File& file : files) {
    if (file.extension() != ".cc" && file.extension() != ".proto") continue;
    bool named = false;
    for (fs::path directory = file.directory(); !named; directory = directory.parent_path()) {
      const auto list = named_in.find(directory.generic_string());
      named = list != named_in.end() && list->second.contains(file.path);
      if (directory.empty()) break;
    }
    if (!named) findings.push_back({file.path, 0, "no CMakeLists.txt above it builds it"});
  }
  return findings;
}

Findings find_unexpected_links(const Files& files, const std::string& directory,
                               const std::vector<std::string>& allowed) {
  static const std::regex links("target_link_libraries\\s*\\(([^)]*)\\)");
  static const std::set<std::string> scopes{"PUBLIC", "PRIVATE", "INTERFACE"};
  const std::string path = directory + "/CMakeLists.txt";
  const auto list =
      std::find_if(files.begin(), files.end(), [&](const File& file) { return file.path == path; });
  if (list == files.end()) return {{path, 0, "is missing"}};

  Findings findings;
  const std::string code = cmake_code(list->text);
  for (auto match = std::sregex_iterator(code.begin(), code.end(), links);
       match != std::sregex_iterator(); ++match) {
    const std::vector<std::string> words = words_of((*match)[1].str());
    for (std::size_t i = 1; i < words.size(); ++i) {
      const bool may = scopes.contains(words[i]) ||
                       std::find(allowed.begin(), allowed.end(), words[i]) != allowed.end();
      if (!may) findings.push_back({path, 0, words[0] + " links " + words[i]});
    }
  }
  return findings;
}

}  // namespace drover::tidy
