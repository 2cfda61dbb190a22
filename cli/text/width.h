// How many columns of a terminal a text takes, and texts cut and filled to so many. Pure.
//
// Texts are UTF-8. Chinese, Japanese and Korean characters and most pictographs take two columns,
// combining marks none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace drover::cli {

// Of a printable text.
std::size_t width_of(std::string_view text);

// What can be printed on one line without changing the terminal: control characters become escapes
// ("\n", "\x1b"), what is not UTF-8 becomes U+FFFD.
std::string printable(std::string_view text);

// At most `columns` of a printable text; where something is left out, the last column is "…".
std::string cut(std::string_view text, std::size_t columns);

// Filled with spaces up to `columns`; longer texts stay as they are.
std::string padded(std::string_view text, std::size_t columns);

}  // namespace drover::cli
