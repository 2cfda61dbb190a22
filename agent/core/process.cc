#include "agent/core/process.h"

#include <algorithm>
#include <map>

namespace drover::agent::core {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_./-:=@%+,").find(c) != std::string_view::npos;
}

std::vector<std::string> split_at_blanks(std::string_view line) {
  std::vector<std::string> words;
  std::size_t place = 0;
  while (place < line.size()) {
    const auto* begin = std::find_if_not(line.begin() + place, line.end(), is_blank);
    const auto* end = std::find_if(begin, line.end(), is_blank);
    if (begin != end) words.emplace_back(begin, end);
    place = static_cast<std::size_t>(end - line.begin());
  }
  return words;
}

}  // namespace

bool is_plain_command(std::string_view line) {
  if (!std::all_of(line.begin(), line.end(), [](char c) { return is_plain(c) || is_blank(c); })) {
    return false;
  }
  const std::vector<std::string> words = split_at_blanks(line);
  if (words.empty()) return false;
  // A slash rules out the shell's own commands and words; "=" would make it an assignment.
  return words.front().find('/') != std::string::npos &&
         words.front().find('=') == std::string::npos;
}

CommandLine command_line(const std::string& command,
                         const std::optional<std::vector<std::string>>& args) {
  if (args) {
    CommandLine line{command, {command}};
    line.arguments.insert(line.arguments.end(), args->begin(), args->end());
    return line;
  }
  if (is_plain_command(command)) {
    std::vector<std::string> words = split_at_blanks(command);
    std::string program = words.front();
    return {std::move(program), std::move(words)};
  }
  return {"/bin/sh", {"/bin/sh", "-c", command}};
}

std::vector<std::string> environment(const AllocationSpec& spec, const AttemptId& id,
                                     const Account& account) {
  const TaskSpec& task = spec.tasks[id.task];
  std::map<std::string, std::string> values{
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"HOME", account.home},
      {"USER", account.user},
      {"LANG", "C.UTF-8"}};
  if (task.user) {
    // The supervisor, which looks that user up, knows better.
    values.erase("HOME");
    values.erase("USER");
  }
  for (const auto& [key, value] : task.env) values[key] = value;
  values["DROVER_INSTANCE_ID"] = spec.id.instance.text();
  values["DROVER_ALLOCATION_ID"] = spec.id.text();
  values["DROVER_TEMPLATE"] = spec.template_name;
  values["DROVER_GROUP"] = spec.group;
  values["DROVER_INDEX"] = std::to_string(spec.index);
  values["DROVER_TASK"] = task.name;
  values["DROVER_ATTEMPT"] = std::to_string(id.attempt);
  values["DROVER_NODE_ID"] = account.node.text();

  std::vector<std::string> strings;
  strings.reserve(values.size());
  for (const auto& [key, value] : values) strings.push_back(key + '=' + value);
  return strings;
}

}  // namespace drover::agent::core
