// The project's own files, read once; what the rules look at.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace drover::tidy {

struct File {
  std::string path;  // from the top level, with '/'
  std::string text;

  std::string_view extension() const;  // ".cc"; empty where there is none
  std::string directory() const;       // "" for the top level
  bool is_below(std::string_view directory) const;
  bool is_cpp() const;    // .cc, .h
  bool is_shell() const;  // .sh, or a first line that names sh or bash
};

using Files = std::vector<File>;

// Every file of the project below `top`, sorted by path. Build trees and git's own are left out.
Files read_tree(const std::string& top);

// One breach of a rule.
struct Finding {
  std::string path;
  int line = 0;  // from 1; 0: the whole file
  std::string what;

  bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

// "path:line: what", one a line.
std::string text_of(const Findings& findings);

// Calls `visit` with the number, from 1, and the text of each line, without its end.
void for_each_line(std::string_view text, const std::function<void(int, std::string_view)>& visit);

// C++ with comments and the content of string and character literals blanked out; lines stay where
// they are. The names in #include lines stay.
std::string code_of(std::string_view cpp);

}  // namespace drover::tidy
