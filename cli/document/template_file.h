// Templates from files, JSON or YAML.
#pragma once

#include <string>
#include <vector>

#include "common/result.h"

namespace drover::cli {

// The templates in the file `path`, as JSON; "-" is the standard input. A file whose first
// character is '{' is JSON, and goes out as it is; any other is YAML, where each document is a
// template. At least one. The error begins with the path.
Result<std::vector<std::string>> read_templates(const std::string& path);

// The same, of a file that must have no more than one.
Result<std::string> read_template(const std::string& path);

// The "name" of a template; empty: it has none.
std::string name_of_template(const std::string& json);

}  // namespace drover::cli
