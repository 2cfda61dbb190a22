#include "cli/commands/node_view.h"

#include <array>
#include <boost/json/array.hpp>
#include <cstdio>

#include "cli/client/answers.h"
#include "cli/text/facts.h"
#include "cli/text/sizes.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

std::string cores_text(const json::object& resources) {
  const json::value* cpu = resources.if_contains("cpu");
  if (cpu == nullptr || !cpu->is_number()) return "";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", cpu->to_number<double>());
  return text.data();
}

std::string memory_text(const json::object& resources) {
  return size_text(static_cast<std::uint64_t>(number_of(resources, "memory_bytes")));
}

// "2 of 8, 40 % busy"
std::string cpu_text(const json::object& node) {
  return cores_text(object_of(node, "reserved")) + " of " +
         cores_text(object_of(node, "capacity")) + ", " +
         std::to_string(number_of(object_of(node, "used"), "cpu_percent")) + " % busy";
}

std::string memory_of_node(const json::object& node) {
  return memory_text(object_of(node, "reserved")) + " of " +
         memory_text(object_of(node, "capacity")) + ", " +
         std::to_string(number_of(object_of(node, "used"), "memory_percent")) + " % used";
}

std::string words_text(const json::array& words) {
  std::string text;
  for (const json::value& word : words) {
    if (!word.is_string()) continue;
    if (!text.empty()) text += ", ";
    text += word.get_string();
  }
  return text;
}

std::string drain_text(const json::object& drain, Instant now) {
  if (drain.empty()) return "";
  std::string text = text_of(drain, "state") + " since " + time_text(text_of(drain, "since"), now);
  if (drain.contains("left")) text += ", " + std::to_string(number_of(drain, "left")) + " left";
  return text;
}

Colour colour_of_node(const std::string& state) {
  return state == "refuses work" ? Colour::yellow : colour_of_state(state);
}

std::string allocations_text(const json::object& node, std::size_t width, const Palette& palette) {
  Table table({{"INSTANCE"}, {"ALLOCATION"}, {"REMARKS", Fit::elastic}});
  for (const json::value& each : array_of(node, "allocations")) {
    if (!each.is_object()) continue;
    const json::object& allocation = each.get_object();
    table.add({text_of(allocation, "instance"), text_of(allocation, "allocation"),
               flag_of(allocation, "asked_to_end") ? "asked to end" : ""});
  }
  return table.empty() ? "" : "\n" + table.text(width, palette);
}

}  // namespace

std::string node_state(const json::object& node) {
  if (!flag_of(node, "online")) return "offline";
  const std::string drain = text_of(object_of(node, "drain"), "state");
  if (!drain.empty()) return drain;
  return node.contains("refuses_work") ? "refuses work" : "online";
}

Table node_table(const json::object& answer, Instant now) {
  Table table({{"ID"},
               {"IP"},
               {"STATE"},
               {"SINCE"},
               {"CORES RESERVED", Fit::elastic},
               {"MEMORY RESERVED", Fit::elastic},
               {"LABELS", Fit::elastic}});
  for (const json::value& each : array_of(answer, "nodes")) {
    if (!each.is_object()) continue;
    const json::object& node = each.get_object();
    const std::string state = node_state(node);
    table.add({text_of(node, "id"),
               text_of(node, "ip"),
               {state, colour_of_node(state)},
               age_text(text_of(node, "since"), now),
               cpu_text(node),
               memory_of_node(node),
               pairs_text(object_of(node, "labels"))});
  }
  return table;
}

std::string node_text(const json::object& node, std::size_t width, Instant now,
                      const Palette& palette) {
  const std::string state = node_state(node);
  Facts facts;
  facts.add("Node", text_of(node, "id"));
  facts.add("Address", text_of(node, "ip"));
  facts.add("State", {state, colour_of_node(state)});
  facts.add("Since", time_text(text_of(node, "since"), now));
  facts.add("Heard of", time_text(text_of(node, "last_heartbeat"), now));
  facts.add("Refuses work", text_of(node, "refuses_work"));
  facts.add("Drain", drain_text(object_of(node, "drain"), now));
  facts.add("Cores", cpu_text(node));
  facts.add("Memory", memory_of_node(node));
  facts.add("Labels", pairs_text(object_of(node, "labels")));
  facts.add("Attributes", pairs_text(object_of(node, "attributes")));
  facts.add("Degraded", words_text(array_of(node, "degraded")));
  facts.add("Agent", text_of(node, "agent_version"));
  return facts.text(palette) + allocations_text(node, width, palette);
}

}  // namespace drover::cli
