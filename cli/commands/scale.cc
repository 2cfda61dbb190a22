// drover scale
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"

namespace drover::cli {
namespace {

struct Options {
  std::string id;
  std::string group;
  std::uint32_t count = 0;
};

int scale(Session& session, const Options& options) {
  const auto answer = session.api().scale_instance(options.id, options.group, options.count);
  if (!answer) return Session::fail(answer.error());
  if (session.json()) session.print(*answer);
  return kSuccess;
}

}  // namespace

void add_scale(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = commands.add(
      app, "scale", "Give a service more copies of a group, or fewer",
      {{"drover scale 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 web 5", "five copies of group web"}},
      [options](Session& session) { return scale(session, *options); });
  command.add_option("instance", options->id, "The instance's id")
      ->type_name("INSTANCE")
      ->required();
  command
      .add_option("group", options->group,
                  "The group's name, or its position from 0 where it has none")
      ->type_name("GROUP")
      ->required();
  command.add_option("count", options->count, "How many copies are wanted")
      ->type_name("N")
      ->required();
}

}  // namespace drover::cli
