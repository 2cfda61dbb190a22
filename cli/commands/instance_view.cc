#include "cli/commands/instance_view.h"

#include <boost/json/array.hpp>
#include <chrono>

#include "cli/client/answers.h"
#include "cli/text/facts.h"
#include "cli/text/sizes.h"
#include "cli/text/table.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

std::string versions_text(const json::object& instance) {
  std::string text =
      text_of(instance, "template") + ", version " + std::to_string(number_of(instance, "version"));
  return text;
}

std::string rollout_text(const json::object& rollout) {
  if (rollout.empty()) return "";
  std::string text = text_of(rollout, "state") + " from version " +
                     std::to_string(number_of(rollout, "from_version")) + " to " +
                     std::to_string(number_of(rollout, "to_version"));
  const std::string reason = text_of(rollout, "reason");
  return reason.empty() ? text : text + ": " + reason;
}

std::string facts_text(const json::object& instance, Instant now, const Palette& palette) {
  const std::string state = text_of(instance, "state");
  const json::object& rollout = object_of(instance, "rollout");
  Facts facts;
  facts.add("Instance", text_of(instance, "id"));
  facts.add("Template", versions_text(instance));
  facts.add("State", {state, colour_of_state(state)});
  facts.add("Since", time_text(text_of(instance, "since"), now));
  facts.add("Cause", text_of(instance, "cause"));
  facts.add("Created", time_text(text_of(instance, "created"), now));
  facts.add("Scheduled for", time_text(text_of(instance, "scheduled_for"), now));
  facts.add("Rollout", {rollout_text(rollout), colour_of_state(text_of(rollout, "state"))});
  facts.add("Parameters", pairs_text(object_of(instance, "parameters")));
  return facts.text(palette);
}

// Where a copy is, or what it waits for.
std::string place_of(const json::object& copy) {
  const std::string node = text_of(copy, "node");
  return node.empty() ? text_of(copy, "waits_for") : node;
}

std::string name_of(const json::object& copy) {
  const std::string name = text_of(copy, "name");
  return name.empty() ? std::to_string(number_of(copy, "group")) : name;
}

// The processor time that it has taken.
std::string cpu_text(const json::object& used) {
  return used.empty() ? "" : duration_text(std::chrono::milliseconds(number_of(used, "cpu_ms")));
}

// What it has now, or of one that has ended, the most that it had.
std::string memory_text(const json::object& used) {
  const std::int64_t bytes = number_of(used, "memory_bytes", number_of(used, "memory_peak_bytes"));
  return bytes == 0 ? "" : size_text(static_cast<std::uint64_t>(bytes));
}

}  // namespace

std::string task_remarks(const json::object& task) {
  std::string text;
  const auto add = [&text](const std::string& remark) {
    if (remark.empty()) return;
    if (!text.empty()) text += "; ";
    text += remark;
  };
  const std::int64_t restarts = number_of(task, "restarts");
  if (restarts > 0) add(std::to_string(restarts) + (restarts == 1 ? " restart" : " restarts"));
  add(text_of(task, "detail"));
  const json::object& health = object_of(task, "health");
  const std::string failure = text_of(health, "failure");
  add(text_of(health, "state") + (failure.empty() ? "" : ": " + failure));
  for (const json::value& each : array_of(task, "not_enforced")) {
    if (each.is_string()) add("its node cannot limit its " + std::string(each.get_string()));
  }
  return text;
}

std::string instance_text(const json::object& instance, std::size_t width, Instant now,
                          const Palette& palette) {
  Table table({{"GROUP"},
               {"COPY"},
               {"COPY STATE"},
               {"NODE"},
               {"TASK"},
               {"STATE"},
               {"STARTED"},
               {"ENDED"},
               {"CPU"},
               {"MEMORY"},
               {"REMARKS", Fit::elastic}});
  for (const json::value& each : array_of(instance, "groups")) {
    if (!each.is_object()) continue;
    const json::object& copy = each.get_object();
    const std::string copy_state = text_of(copy, "state");
    for (const json::value& one : array_of(copy, "tasks")) {
      if (!one.is_object()) continue;
      const json::object& task = one.get_object();
      const std::string state = text_of(task, "state");
      table.add({name_of(copy),
                 std::to_string(number_of(copy, "index")),
                 {copy_state, colour_of_state(copy_state)},
                 place_of(copy),
                 text_of(task, "name"),
                 {state, colour_of_state(state)},
                 age_text(text_of(task, "started"), now),
                 age_text(text_of(task, "ended"), now),
                 cpu_text(object_of(task, "used")),
                 memory_text(object_of(task, "used")),
                 task_remarks(task)});
    }
  }
  const std::string facts = facts_text(instance, now, palette);
  return table.empty() ? facts : facts + "\n" + table.text(width, palette);
}

}  // namespace drover::cli
