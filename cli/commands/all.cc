#include "cli/commands/all.h"

#include <CLI/CLI.hpp>

#include "cli/client/server_address.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

std::string check_server(const std::string& text) {
  const auto server = parse_server(text);
  return server ? "" : server.error().message;
}

}  // namespace

void declare(CLI::App& app, Settings& settings, Commands& commands) {
  app.get_formatter()->column_width(34);
  app.add_option("--server", settings.server, "Where the master is")
      ->check(check_server)
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--request-timeout", settings.request_timeout,
                 "How long the master may take for an answer")
      ->check(check_duration)
      ->type_name("DURATION")
      ->capture_default_str();
  app.add_option("--color", settings.colour, "Whether to use colours")
      ->check(check_one_of("auto|always|never"))
      ->type_name("auto|always|never")
      ->capture_default_str();
  app.add_flag("--json", settings.json, "Print JSON, as the master answers it");

  add_run(app, commands);
  add_deploy(app, commands);
  add_ps(app, commands);
  add_status(app, commands);
  add_explain(app, commands);
  add_logs(app, commands);
  add_stop(app, commands);
  add_restart(app, commands);
  add_signal(app, commands);
  add_rm(app, commands);
  add_update(app, commands);
  add_scale(app, commands);
  add_events(app, commands);
  add_template(app, commands);
  add_nodes(app, commands);
  add_node(app, commands);
  add_top(app, commands);
  add_cluster(app, commands);
  add_completion(app, commands);
  add_man_page(app, commands);
}

}  // namespace drover::cli
