// What a plain scalar of YAML means, by the core schema of YAML 1.2 (section 10.3). Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/result.h"

namespace drover::cli {

// A text as JSON writes it, with its quotes.
std::string json_quoted(std::string_view text);

// As JSON: null, true, false, a number, or else a string. Refused: infinities and .nan.
Result<std::string> json_of_plain(std::string_view scalar);

}  // namespace drover::cli
