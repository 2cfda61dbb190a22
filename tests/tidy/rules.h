// The rules of this project that a machine can check. Each takes the project's files and returns
// what breaks the rule, in the order of the files.
#pragma once

#include <string>
#include <vector>

#include "tests/tidy/tree.h"

namespace drover::tidy {

// --- Any text (text_rules.cc) -------------------------------------------------------------------

// No file over `most` lines. Data of examples and test corpora are not read line by line.
Findings find_long_files(const Files& files, int most);
// No tabs, white space at line ends, carriage returns, or missing last newline.
Findings find_untidy_white_space(const Files& files);
// Nothing marked as to be done later.
Findings find_unfinished_marks(const Files& files);
// No path that exists on one person's machine alone.
Findings find_machine_paths(const Files& files);
// Scripts are valid to the shell of their first line.
Findings find_broken_scripts(const Files& files, const std::string& top);

// --- C++ (code_rules.cc) ------------------------------------------------------------------------

// Headers begin with a comment and are guarded.
Findings find_bare_headers(const Files& files);
// Nothing in `core`, a directory, that reads a clock, makes threads, rolls dice or does I/O.
Findings find_impurities(const Files& files, const std::string& core);

// A word, and the only places of the product, directories or files, that may say it.
struct Fence {
  std::string word;  // regular expression, matched in code without comments and literals
  std::vector<std::string> rooms;
};
// Calls that reap a child.
inline constexpr char kWaitForChild[] = "(^|[^.>\\w])(waitpid|waitid|wait3|wait4)\\s*\\(";
// Only code below master, agent, common and cli is looked at.
Findings find_fence_jumpers(const Files& files, const Fence& fence);
// Tests wait for events, not for time to pass. `excused`: paths that may, each for a reason.
Findings find_sleeps(const Files& files, const std::vector<std::string>& excused);

// --- CMake (build_rules.cc) ---------------------------------------------------------------------

// Every .cc and .proto is named by the CMakeLists.txt of its directory or one above it.
Findings find_unbuilt_files(const Files& files);
// The CMakeLists.txt of `directory` links nothing but `allowed`.
Findings find_unexpected_links(const Files& files, const std::string& directory,
                               const std::vector<std::string>& allowed);

}  // namespace drover::tidy
