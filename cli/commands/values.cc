#include "cli/commands/values.h"

#include "common/duration.h"

namespace drover::cli {

std::string check_duration(const std::string& text) {
  const auto duration = parse_duration(text);
  return duration ? "" : duration.error().message;
}

std::string check_parameter(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos && equals > 0) return "";
  return "'" + text + "' is no parameter; write NAME=VALUE, for example lines=20";
}

std::function<std::string(const std::string&)> check_one_of(const std::string& words) {
  return [words](const std::string& text) {
    const bool is_one = text.find('|') == std::string::npos && !text.empty() &&
                        ("|" + words + "|").find("|" + text + "|") != std::string::npos;
    return is_one ? "" : "'" + text + "' is none of " + words;
  };
}

std::map<std::string, std::string> parameters_of(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> parameters;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    parameters[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return parameters;
}

}  // namespace drover::cli
