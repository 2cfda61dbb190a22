// drover rm
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/removal.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

using Ids = std::vector<std::string>;

int remove(Session& session, const Ids& ids) {
  return remove_each(session, ids,
                     [&](const std::string& id) { return session.api().remove_instance(id); });
}

}  // namespace

void add_rm(CLI::App& app, Commands& commands) {
  const auto ids = std::make_shared<Ids>();
  commands
      .add(app, "rm", "Remove instances that have ended from the history",
           {{"drover rm 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60",
             "it is known no more; refused while it has not ended"},
            {"drover ps --state completed --until 720h --most 0 --json | jq -r '.instances[].id' | "
             "xargs -r drover rm",
             "all successes that were begun more than thirty days ago"}},
           [ids](Session& session) { return remove(session, *ids); })
      .add_option("instance", *ids, "Ids of the instances")
      ->check(check_id)
      ->type_name("INSTANCE")
      ->required();
}

}  // namespace drover::cli
