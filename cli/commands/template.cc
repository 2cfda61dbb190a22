// drover template apply, validate, list, show, rm
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/removal.h"
#include "cli/document/template_file.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

struct Show {
  std::string name;
  std::uint32_t version = 0;  // 0: the newest
};

struct Remove {
  std::vector<std::string> names;
  bool force = false;
};

using Files = std::vector<std::string>;

// Each template of each file, in order, until the first error.
int put_all(Session& session, const Files& files, bool dry_run) {
  for (const std::string& file : files) {
    const auto templates = read_templates(file);
    if (!templates) return Session::fail(templates.error());
    for (const std::string& each : *templates) {
      const auto put = session.api().put_template(each, dry_run);
      if (!put) return Session::fail({put.error().kind, file + ": " + put.error().message});
      if (session.json()) {
        session.print(*put);
        continue;
      }
      const std::string name = text_of(put->value, "name");
      const std::int64_t version = number_of(put->value, "version");
      session.print(dry_run ? name + " is valid\n"
                            : name + " has version " + std::to_string(version) + "\n");
    }
  }
  return kSuccess;
}

int list(Session& session) {
  const auto templates = session.api().list_templates();
  if (!templates) return Session::fail(templates.error());
  if (session.json()) {
    session.print(*templates);
    return kSuccess;
  }
  Table table({{"NAME"}, {"VERSION"}, {"KIND"}, {"SCHEDULE"}, {"LABELS", Fit::elastic}});
  for (const json::value& each : array_of(templates->value, "templates")) {
    if (!each.is_object()) continue;
    const json::object& one = each.get_object();
    table.add({text_of(one, "name"), std::to_string(number_of(one, "version")),
               text_of(one, "kind"), text_of(one, "cron"), pairs_text(object_of(one, "labels"))});
  }
  session.print(table);
  return kSuccess;
}

// As it was given, byte for byte: numbers included, which another parser would write in its own
// way.
std::string document_of(const Document& found) {
  constexpr std::string_view kBefore = ",\"template\":";
  // No text within can look like this, as its quotes would be escaped.
  const std::size_t place = found.text.find(kBefore);
  if (place == std::string::npos) return json::serialize(object_of(found.value, "template"));
  const std::size_t begin = place + kBefore.size();
  return found.text.substr(begin, found.text.rfind('}') - begin);
}

int show(Session& session, const Show& options) {
  std::optional<std::uint32_t> version;
  if (options.version > 0) version = options.version;
  const auto found = session.api().get_template(options.name, version);
  if (!found) return Session::fail(found.error());
  if (session.json()) {
    session.print(*found);
  } else {
    session.print(document_of(*found) + "\n");
  }
  return kSuccess;
}

Error why_not_removed(const Error& error, const std::string& name) {
  if (error.kind != ErrorKind::conflict) return error;
  return {error.kind, "instances of '" + name +
                          "' have not ended: stop them, or remove it with --force, and they go on"};
}

int remove(Session& session, const Remove& options) {
  return remove_each(session, options.names, [&](const std::string& name) -> Result<Document> {
    auto removed = session.api().remove_template(name, options.force);
    if (!removed) return why_not_removed(removed.error(), name);
    return removed;
  });
}

void add_files(CLI::App& command, Files& files) {
  command.add_option("file", files, "Templates in JSON or YAML; - is the standard input")
      ->type_name("FILE")
      ->required();
}

}  // namespace

void add_template(CLI::App& app, Commands& commands) {
  CLI::App& group = Commands::add_group(app, "template",
                                        "Create, change, check, list, show and remove templates");

  const auto applied = std::make_shared<Files>();
  add_files(
      commands.add(
          group, "apply", "Create templates, or new versions of them",
          {{"drover template apply hello.json", "one template; unchanged, it keeps its version"},
           {"drover template apply jobs.yaml", "each document of the file is a template"},
           {"generate | drover template apply -", "from another program"}},
          [applied](Session& session) { return put_all(session, *applied, false); }),
      *applied);

  const auto checked = std::make_shared<Files>();
  add_files(commands.add(
                group, "validate", "Ask the master whether it would take templates",
                {{"drover template validate *.yaml", "nothing is changed; what is wrong is named"}},
                [checked](Session& session) { return put_all(session, *checked, true); }),
            *checked);

  commands.add(group, "list", "List the templates by their names",
               {{"drover template list", "with kind, schedule and labels"}}, list);

  const auto shown = std::make_shared<Show>();
  CLI::App& show_command =
      commands.add(group, "show", "Print a template as it was given",
                   {{"drover template show hello", "the newest version, as JSON"},
                    {"drover template show hello --version 2 > hello.json", "an earlier one"}},
                   [shown](Session& session) { return show(session, *shown); });
  show_command.add_option("template", shown->name, "The template's name")
      ->type_name("TEMPLATE")
      ->required();
  show_command.add_option("--version", shown->version, "Another version than the newest")
      ->check(CLI::PositiveNumber)
      ->type_name("N");

  const auto removed = std::make_shared<Remove>();
  CLI::App& remove_command =
      commands.add(group, "rm", "Remove templates: no instance is made of them any more",
                   {{"drover template rm hello", "refused while an instance of it has not ended"},
                    {"drover template rm hello --force", "such instances go on as they are"}},
                   [removed](Session& session) { return remove(session, *removed); });
  remove_command.add_option("template", removed->names, "Names of the templates")
      ->type_name("TEMPLATE")
      ->required();
  remove_command.add_flag("--force", removed->force,
                          "Also those of which instances have not ended");
}

}  // namespace drover::cli
