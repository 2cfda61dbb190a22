#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <regex>

#include "tests/tidy/rules.h"

namespace drover::tidy {
namespace {

// What an example processes, or a corpus feeds to a test, is as untidy as it must be.
bool is_data(const File& file) {
  return file.extension() == ".csv" || file.path.find("/corpus/") != std::string::npos;
}

void find_lines(const Files& files, const std::regex& pattern, const std::string& what,
                Findings& findings) {
  for (const File& file : files) {
    if (is_data(file)) continue;
    for_each_line(file.text, [&](int number, std::string_view line) {
      if (std::regex_search(line.begin(), line.end(), pattern)) {
        findings.push_back({file.path, number, what});
      }
    });
  }
}

std::string quoted_for_shell(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

Findings find_long_files(const Files& files, int most) {
  Findings findings;
  for (const File& file : files) {
    if (is_data(file)) continue;
    const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
    if (lines > most) {
      findings.push_back({file.path, 0, std::to_string(lines) + " lines; split it"});
    }
  }
  return findings;
}

Findings find_untidy_white_space(const Files& files) {
  Findings findings;
  for (const File& file : files) {
    if (is_data(file)) continue;
    for_each_line(file.text, [&](int number, std::string_view line) {
      if (line.find('\t') != std::string_view::npos) {
        findings.push_back({file.path, number, "a tab"});
      }
      if (!line.empty() && (line.back() == ' ' || line.back() == '\r')) {
        findings.push_back({file.path, number, "white space at the end of the line"});
      }
    });
    if (!file.text.empty() && file.text.back() != '\n') {
      findings.push_back({file.path, 0, "no newline at the end"});
    }
  }
  return findings;
}

Findings find_unfinished_marks(const Files& files) {
  Findings findings;
  // The brackets keep this line from being found.
  find_lines(files, std::regex("\\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\\b"), "something left undone",
             findings);
  return findings;
}

Findings find_machine_paths(const Files& files) {
  Findings findings;
  find_lines(files, std::regex("(^|[^A-Za-z0-9_.}])/(work|root|home/[a-z]+)/[a-z]"),
             "a path of one machine", findings);
  return findings;
}

Findings find_broken_scripts(const Files& files, const std::string& top) {
  Findings findings;
  for (const File& file : files) {
    if (!file.is_shell()) continue;
    const std::string first = file.text.substr(0, file.text.find('\n'));
    const std::string shell = first == "#!/bin/sh" ? "sh" : "bash";
    const std::string path = quoted_for_shell(top + "/" + file.path);
    const int status = std::system((shell + " -n " + path).c_str());
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      findings.push_back({file.path, 0, shell + " -n refuses it"});
    }
  }
  return findings;
}

}  // namespace drover::tidy
