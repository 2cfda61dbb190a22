// YAML as JSON. Pure.
//
// Plain scalars are typed by the core schema of YAML 1.2 (true, 1, 0x1f, 1.5, null); quoted ones
// and blocks are strings, as are keys. Numbers keep their digits, however many they are. What JSON
// cannot say is refused: .nan, tags of one's own, a key that is no scalar, a key given twice.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace drover::cli {

// Each document of `yaml`, as JSON on one line; empty documents are left out. The error begins with
// the line, "line 3: ...".
Result<std::vector<std::string>> json_of_yaml(std::string_view yaml);

}  // namespace drover::cli
