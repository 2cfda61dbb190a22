// What a node is, for constraints: its architecture, name, kernel and system.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace drover::agent::metrics {

// arch, hostname, kernel as uname(2) tells them; os and os_version where os-release(5) does.
std::map<std::string, std::string> node_attributes();

// The value of a key in the text of an os-release file; empty: it has none.
std::string os_release_value(std::string_view text, std::string_view key);

}  // namespace drover::agent::metrics
