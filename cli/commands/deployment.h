// What `deploy` and `run` have in common: which template, with which parameters.
#pragma once

#include <string>
#include <vector>

#include "cli/commands/interrupts.h"
#include "cli/commands/session.h"
#include "common/result.h"

namespace CLI {
class App;
}

namespace drover::cli {

struct Deployment {
  std::string template_name;
  std::string file;  // of a template that is created first; empty: there is one already
  std::vector<std::string> parameters;
};

// The argument TEMPLATE, and --file and --parameter.
void add_deployment(CLI::App& command, Deployment& deployment);

struct Deployed {
  std::string id;
  std::string template_name;
  Document answer;
};

// Creates the template of the file, or another version of it, where there is a file; then deploys.
// Where no answer came, it is asked for again, with the same key, so that there is one instance
// whatever was lost. `interrupts`, which may be null, end that.
Result<Deployed> deploy(Session& session, Interrupts* interrupts, const Deployment& deployment);

}  // namespace drover::cli
