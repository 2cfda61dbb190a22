#include "cli/commands/values.h"

#include <CLI/CLI.hpp>
#include <cctype>
#include <charconv>
#include <cstring>

#include "common/duration.h"

namespace drover::cli {

void add_instance(CLI::App& command, std::string& id) {
  command.add_option("instance", id, "The instance's id")
      ->check(check_id)
      ->type_name("INSTANCE")
      ->required();
}

std::string check_duration(const std::string& text) {
  const auto duration = parse_duration(text);
  return duration ? "" : duration.error().message;
}

// What an id looks like is the master's to say. An empty one comes of a variable that is not set.
std::string check_id(const std::string& text) { return text.empty() ? "it is empty" : ""; }

std::string check_parameter(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos && equals > 0) return "";
  return "'" + text + "' is no parameter; write NAME=VALUE, for example lines=20";
}

std::string check_time(const std::string& text) {
  if (parse_instant(text) || parse_duration(text)) return "";
  return "'" + text + "' is no point in time; write 2025-03-09T12:00:00Z, or 2h for two hours ago";
}

std::string api_time(const std::string& text, Instant now) {
  const auto ago = parse_duration(text);
  return ago ? instant_text(now - *ago) : text;
}

std::string check_signal(const std::string& text) {
  return signal_name(text).empty() ? "'" + text + "' is no signal; write HUP, for example" : "";
}

std::string signal_name(const std::string& text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  if (const auto [rest, error] = std::from_chars(text.data(), end, number); rest == end) {
    const char* name = error == std::errc() ? ::sigabbrev_np(number) : nullptr;
    return name == nullptr ? "" : name;
  }
  std::string name = text;
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name.starts_with("SIG") ? name.substr(3) : name;
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
