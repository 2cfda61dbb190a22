#include "cli/commands/explanation_view.h"

#include <array>
#include <boost/json/array.hpp>
#include <cstdio>

#include "cli/client/answers.h"
#include "cli/text/sizes.h"
#include "cli/text/table.h"
#include "cli/text/width.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

std::string group_of(const json::object& from) {
  const std::string name = text_of(from, "name");
  return name.empty() ? std::to_string(number_of(from, "group")) : name;
}

std::string line(const std::string& text) { return "  " + printable(text) + "\n"; }

// Empty: it rules out none.
std::string ruled_out(std::int64_t nodes, const std::string& why) {
  if (nodes == 0) return "";
  return line(std::to_string(nodes) + (nodes == 1 ? " node: " : " nodes: ") + why);
}

std::string nearest_text(const json::object& nearest) {
  if (nearest.empty()) return "";
  std::string lacks;
  if (const json::value* cpu = nearest.if_contains("lacks_cpu"); cpu && cpu->is_number()) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4g cores", cpu->to_number<double>());
    if (cpu->to_number<double>() > 0) lacks = text.data();
  }
  const std::int64_t memory = number_of(nearest, "lacks_memory_bytes");
  if (memory > 0) {
    lacks += (lacks.empty() ? "" : " and ") + size_text(static_cast<std::uint64_t>(memory)) +
             " of memory";
  }
  return line("nearest is node " + text_of(nearest, "node") +
              (lacks.empty() ? "" : ", which lacks " + lacks));
}

std::string excluded_text(const json::object& excluded) {
  std::string text = ruled_out(number_of(excluded, "offline"), "offline");
  text += ruled_out(number_of(excluded, "draining"), "draining or drained");
  text += ruled_out(number_of(excluded, "refusing_work"), "the agent takes no work");
  for (const json::value& each : array_of(excluded, "constraints")) {
    if (!each.is_object()) continue;
    const json::object& one = each.get_object();
    text += ruled_out(number_of(one, "nodes"), "not " + text_of(one, "constraint"));
  }
  text += ruled_out(number_of(excluded, "too_little_cpu"), "too few cores are left");
  text += ruled_out(number_of(excluded, "too_little_memory"), "too little memory is left");
  return text + nearest_text(object_of(excluded, "nearest"));
}

std::string group_text(const json::object& group, const Palette& palette) {
  const std::int64_t copies = number_of(group, "copies");
  const std::string for_node = text_of(group, "for_node");
  std::string text = palette.paint("group " + printable(group_of(group)), Colour::bold) + ": " +
                     std::to_string(copies) + (copies == 1 ? " copy " : " copies ") +
                     palette.paint(copies == 1 ? "waits" : "wait", Colour::yellow) + ": " +
                     printable(text_of(group, "reason")) + "\n";
  if (!for_node.empty()) text += line("for node " + for_node + " alone");
  text += excluded_text(object_of(group, "excluded"));
  for (const json::value& each : array_of(group, "unblock")) {
    if (each.is_string()) text += line("what helps: " + std::string(each.get_string()));
  }
  return text;
}

}  // namespace

std::size_t count_waiting(const json::object& answer) {
  std::int64_t count = 0;
  for (const json::value& each : array_of(answer, "waiting")) {
    if (each.is_object()) count += number_of(each.get_object(), "copies");
  }
  return static_cast<std::size_t>(count);
}

std::string waiting_text(const json::object& answer, const Palette& palette) {
  std::string text;
  for (const json::value& each : array_of(answer, "waiting")) {
    if (each.is_object()) text += group_text(each.get_object(), palette);
  }
  return text;
}

std::string plan_text(const json::object& answer, std::size_t width, const Palette& palette) {
  Table table({{"GROUP", Fit::elastic}, {"COPY"}, {"NODE"}});
  for (const json::value& each : array_of(answer, "placed")) {
    if (!each.is_object()) continue;
    const json::object& copy = each.get_object();
    table.add({group_of(copy), std::to_string(number_of(copy, "index")), text_of(copy, "node")});
  }
  return (table.empty() ? "" : table.text(width, palette)) + waiting_text(answer, palette);
}

}  // namespace drover::cli
