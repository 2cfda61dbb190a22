// "Did you mean ...?"
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace drover::http {

// Of `known` the word that a slip of the pen turns into `word`: at most two letters changed, added,
// left out or swapped with their neighbour, and at most a third of the word. Empty: none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

// "did you mean "command"?", or the list of what is known.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

}  // namespace drover::http
