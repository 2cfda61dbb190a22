#include <algorithm>
#include <array>
#include <regex>
#include <string_view>

#include "tests/tidy/rules.h"

namespace drover::tidy {
namespace {

// Standard headers that a pure machine has no use for.
constexpr std::array kImpureHeaders{
    "atomic",     "barrier",      "condition_variable",
    "cstdio",     "ctime",        "cstdlib",
    "fstream",    "filesystem",   "future",
    "iostream",   "istream",      "latch",
    "mutex",      "ostream",      "random",
    "semaphore",  "shared_mutex", "sstream",
    "stop_token", "syncstream",   "thread",
};

// Headers of common/ that stay pure.
constexpr std::array kPureCommon{
    "common/backoff.h", "common/check.h",       "common/duration.h",     "common/ids.h",
    "common/limits.h",  "common/planted_bug.h", "common/resource_use.h", "common/result.h",
    "common/size.h",    "common/task_spec.h",
};

const std::regex& impure_words() {
  static const std::regex words(
      "::now\\s*\\(|\\bnew_uuid\\s*\\(|\\bstd::(thread|jthread|mutex|atomic|async|cout|cerr|clog|"
      "random_device|mt19937|getenv|system|time)\\b|\\b(s?rand|getenv|printf|fprintf|puts|time|"
      "gettimeofday|clock_gettime|getrandom|usleep|nanosleep|fork|syscall)\\s*\\(|"
      "\\b(grpc|rocksdb|asio|beast|spdlog|google::protobuf)\\b|\\bdrover::log\\b|\\blog::");
  return words;
}

bool contains(const auto& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// Why `include`, the rest of an #include line, may not stand in `core`; nothing if it may.
std::string objection_to(std::string_view include, const std::string& core) {
  const std::size_t begin = include.find_first_of("<\"");
  if (begin == std::string_view::npos) return "an #include that names no file";
  const char closing = include[begin] == '<' ? '>' : '"';
  const std::size_t end = include.find(closing, begin + 1);
  const std::string_view name = include.substr(begin + 1, end - begin - 1);
  if (closing == '"') {
    if (name.starts_with(core + "/") || contains(kPureCommon, name)) return {};
    return "includes " + std::string(name) + ", which is neither its own nor pure";
  }
  const bool standard = name.find_first_of("/.") == std::string_view::npos;
  if (standard && !contains(kImpureHeaders, name)) return {};
  return "includes <" + std::string(name) + ">";
}

bool is_product(const File& file) {
  return file.is_below("master") || file.is_below("agent") || file.is_below("common") ||
         file.is_below("cli");
}

// Every line of the code in which `pattern` is found.
void find_in_code(const File& file, const std::regex& pattern, const std::string& what,
                  Findings& findings) {
  for_each_line(code_of(file.text), [&](int number, std::string_view line) {
    std::match_results<std::string_view::const_iterator> match;
    if (std::regex_search(line.begin(), line.end(), match, pattern)) {
      findings.push_back({file.path, number, what + match.str()});
    }
  });
}

}  // namespace

Findings find_bare_headers(const Files& files) {
  Findings findings;
  for (const File& file : files) {
    if (file.extension() != ".h") continue;
    if (!file.text.starts_with("//")) {
      findings.push_back({file.path, 1, "does not begin with a comment that says what it is"});
    }
    if (file.text.find("\n#pragma once\n") == std::string::npos) {
      findings.push_back({file.path, 0, "has no #pragma once"});
    }
  }
  return findings;
}

Findings find_impurities(const Files& files, const std::string& core) {
  Findings findings;
  for (const File& file : files) {
    if (!file.is_below(core) || !file.is_cpp()) continue;
    for_each_line(code_of(file.text), [&](int number, std::string_view line) {
      if (!line.starts_with("#include")) return;
      const std::string objection = objection_to(line, core);
      if (!objection.empty()) findings.push_back({file.path, number, objection});
    });
    find_in_code(file, impure_words(), "says ", findings);
  }
  return findings;
}

Findings find_fence_jumpers(const Files& files, const Fence& fence) {
  Findings findings;
  for (const File& file : files) {
    const bool may = std::any_of(
        fence.rooms.begin(), fence.rooms.end(),
        [&](const std::string& room) { return file.path == room || file.is_below(room); });
    if (!file.is_cpp() || !is_product(file) || may) continue;
    find_in_code(file, std::regex(fence.word), "says ", findings);
  }
  return findings;
}

Findings find_sleeps(const Files& files, const std::vector<std::string>& excused) {
  Findings findings;
  static const std::regex sleeping(
      "\\b(sleep_for|sleep_until|usleep|nanosleep|clock_nanosleep)\\b|::sleep\\s*\\(|"
      "(^|[^\\w.:>])sleep\\s*\\(");
  for (const File& file : files) {
    if (!file.is_below("tests") || !file.is_cpp() || contains(excused, file.path)) continue;
    find_in_code(file, sleeping, "sleeps: ", findings);
  }
  return findings;
}

}  // namespace drover::tidy
