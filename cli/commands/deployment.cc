#include "cli/commands/deployment.h"

#include <CLI/CLI.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "cli/commands/outage.h"
#include "cli/commands/values.h"
#include "cli/document/template_file.h"

namespace drover::cli {
namespace {

Error with_doubt(Error error, Session& session, const std::string& template_name) {
  if (error.kind == ErrorKind::io && session.connection().has_connected()) {
    error.message +=
        "; whether there is an instance is not known: drover ps --all --template " + template_name;
  }
  return error;
}

}  // namespace

void add_deployment(CLI::App& command, Deployment& deployment) {
  CLI::Option* name =
      command.add_option("template", deployment.template_name, "The template's name")
          ->type_name("TEMPLATE");
  CLI::Option* file =
      command
          .add_option("-f,--file", deployment.file,
                      "Create the template in this file first, or a new version of it; JSON or "
                      "YAML, - is the standard input")
          ->type_name("FILE");
  command
      .add_option("-p,--parameter", deployment.parameters,
                  "NAME=VALUE of a parameter that the template declares; may be given several "
                  "times")
      ->check(check_parameter)
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->take_all();
  command.callback([name, file] {
    if (!*name && !*file) throw CLI::RequiredError("the name of a template, or --file,");
    if (*name && *file) {
      throw CLI::ValidationError("give the name of a template or --file, not both");
    }
  });
}

Result<Deployed> deploy(Session& session, Interrupts* interrupts, const Deployment& deployment) {
  Deployed deployed{"", deployment.template_name, {}};
  if (!deployment.file.empty()) {
    const auto json = read_template(deployment.file);
    if (!json) return json.error();
    const auto put = persistently(session.connection(), interrupts,
                                  [&] { return session.api().put_template(*json); });
    if (!put) return put.error();
    deployed.template_name = text_of(put->value, "name");
  }
  const std::string key = boost::uuids::to_string(boost::uuids::random_generator()());
  auto answer = persistently(session.connection(), interrupts, [&] {
    return session.api().deploy(deployed.template_name, parameters_of(deployment.parameters), key);
  });
  if (!answer) return with_doubt(answer.error(), session, deployed.template_name);
  deployed.id = text_of(answer->value, "id");
  deployed.answer = *std::move(answer);
  return deployed;
}

}  // namespace drover::cli
