// Values of flags, checked while they are parsed.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace drover::cli {

// What is wrong with the value, as the flags' library wants it; empty: nothing.
std::string check_duration(const std::string& text);
std::string check_parameter(const std::string& text);
// Of a flag whose values are `words`, written "auto|always|never".
std::function<std::string(const std::string&)> check_one_of(const std::string& words);

// "NAME=VALUE" of each; of a name that is given twice, the last one holds.
std::map<std::string, std::string> parameters_of(const std::vector<std::string>& texts);

}  // namespace drover::cli
