// Values of flags, checked while they are parsed.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/text/times.h"

namespace CLI {
class App;
}

namespace drover::cli {

// The argument INSTANCE: the id of one. It must outlive `command`.
void add_instance(CLI::App& command, std::string& id);

// What is wrong with the value, as the flags' library wants it; empty: nothing.
std::string check_duration(const std::string& text);
std::string check_id(const std::string& text);
std::string check_parameter(const std::string& text);
// Of a point in time: one of RFC 3339, or a duration, which is so long ago.
std::string check_time(const std::string& text);
// Of a signal: "HUP", "SIGHUP", "hup" or "1". Which ones there are is the master's to say.
std::string check_signal(const std::string& text);
// "HUP", of a value that check_signal() has taken.
std::string signal_name(const std::string& text);
// Of a flag whose values are `words`, written "auto|always|never".
std::function<std::string(const std::string&)> check_one_of(const std::string& words);

// As the API takes it, of a value that check_time() has taken; empty: none was given.
std::string api_time(const std::string& text, Instant now);

// "NAME=VALUE" of each; of a name that is given twice, the last one holds.
std::map<std::string, std::string> parameters_of(const std::vector<std::string>& texts);

}  // namespace drover::cli
