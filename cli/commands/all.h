// Every command declares itself.
#pragma once

#include "cli/commands/command.h"

namespace drover::cli {

void add_deploy(CLI::App& app, Commands& commands);
void add_run(CLI::App& app, Commands& commands);
void add_explain(CLI::App& app, Commands& commands);
void add_logs(CLI::App& app, Commands& commands);
void add_ps(CLI::App& app, Commands& commands);
void add_events(CLI::App& app, Commands& commands);
void add_status(CLI::App& app, Commands& commands);
void add_stop(CLI::App& app, Commands& commands);
void add_restart(CLI::App& app, Commands& commands);
void add_signal(CLI::App& app, Commands& commands);
void add_rm(CLI::App& app, Commands& commands);
void add_update(CLI::App& app, Commands& commands);
void add_scale(CLI::App& app, Commands& commands);
void add_template(CLI::App& app, Commands& commands);
void add_nodes(CLI::App& app, Commands& commands);
void add_node(CLI::App& app, Commands& commands);
void add_top(CLI::App& app, Commands& commands);
void add_cluster(CLI::App& app, Commands& commands);
void add_completion(CLI::App& app, Commands& commands);
void add_man_page(CLI::App& app, Commands& commands);

}  // namespace drover::cli
