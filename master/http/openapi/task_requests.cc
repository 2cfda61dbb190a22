// What is asked of the tasks of an instance that run.
#include <array>

#include "master/http/api/task_bodies.h"
#include "master/http/openapi/operations.h"
#include "master/http/openapi/shapes.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr std::array kToldMembers = std::to_array<Member>({
    {"id", required, schema::uuid, "The instance's"},
    {"tasks", required, schema::count, "How many it concerns"},
    {"unreachable", required, schema::count, "Of these, those whose node cannot be told now"},
});
constexpr schema::Component kToldShape{"TasksTold", "How many tasks were asked for something.",
                                       schema::object<kToldMembers>};

constexpr std::string_view kTag = "Instances";
constexpr std::string_view kToldExample =
    R"({"id": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10", "tasks": 1, "unreachable": 0})";

std::vector<Content> told() { return {json_content(schema::ref<kToldShape>, kToldExample)}; }

}  // namespace

Operation restart_tasks() {
  return {
      .id = "restartTasks",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Ends what runs, as a stop does, and begins it again at once on its node, whatever its "
          "template says of restarts; it counts for none of them. A node that is away is told when "
          "it is back. Without a body: all tasks.",
      .path_parameter = instance_in_path(),
      .body = Body{.presence = optional,
                   .schema = schema::ref<kRestartBodySchema>,
                   .examples = {{"all", "All that runs", "{}"},
                                {"one", "One task of one copy",
                                 R"({"group": "web", "index": 0, "task": "server"})"}}},
      .success = {"The wish is on disk.", told()},
      .errors = {Code::invalid_id, Code::unknown_instance, Code::unknown_group, Code::unknown_task,
                 Code::nothing_running, Code::stopping},
  };
}

Operation signal_tasks() {
  return {
      .id = "signalTasks",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Sends a signal to all processes of what runs, once. It is not kept for a node that is "
          "away.",
      .path_parameter = instance_in_path(),
      .body = Body{.schema = schema::ref<kSignalBodySchema>,
                   .examples = {{"all", "To all that runs", R"({"signal": "WINCH"})"},
                                {"one", "To one task of a group",
                                 R"({"signal": "CONT", "group": "web", "task": "server"})"}}},
      .success = {"It is on its way.", told()},
      .errors = {Code::invalid_id, Code::unknown_instance, Code::unknown_group, Code::unknown_task,
                 Code::nothing_running, Code::nodes_unreachable},
  };
}

}  // namespace drover::http::openapi
