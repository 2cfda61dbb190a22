#include "cli/commands/instance_table.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <vector>

#include "cli/client/answers.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

// Of one whose record cannot be read, nothing but the id is known.
std::string state_of(const json::object& instance) {
  return flag_of(instance, "damaged") ? "damaged record" : text_of(instance, "state");
}

std::vector<Cell> row_of(const json::object& instance, Instant now) {
  const std::string state = state_of(instance);
  const std::int64_t version = number_of(instance, "version");
  return {text_of(instance, "id"),
          text_of(instance, "template"),
          version == 0 ? "" : std::to_string(version),
          {state, colour_of_state(state)},
          age_text(text_of(instance, "since"), now),
          age_text(text_of(instance, "created"), now),
          pairs_text(object_of(instance, "labels"))};
}

}  // namespace

Table instance_table(const json::object& answer, Instant now) {
  Table table({{"ID"},
               {"TEMPLATE", Fit::elastic},
               {"VERSION"},
               {"STATE"},
               {"SINCE"},
               {"AGE"},
               {"LABELS", Fit::spare}});
  for (const json::value& each : array_of(answer, "instances")) {
    if (each.is_object()) table.add(row_of(each.get_object(), now));
  }
  return table;
}

std::string state_counts(const json::object& answer) {
  std::map<std::string, int> counts;
  for (const json::value& each : array_of(answer, "instances")) {
    if (each.is_object()) ++counts[state_of(each.get_object())];
  }
  std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [state, count] : sorted) {
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + state;
  }
  return text;
}

}  // namespace drover::cli
