// drover man-page, which is not shown to users: the build calls it.
#include "cli/commands/man_page.h"

#include <CLI/CLI.hpp>

#include "cli/commands/all.h"
#include "common/service.h"

namespace drover::cli {
namespace {

// Text that stands for itself: no escapes, no requests at the beginning of a line.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (out.empty() && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string bold(const std::string& text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + roff(text) + "\\fR"; }

std::string paragraph(const Argument& argument) {
  std::string head;
  for (const std::string& name : argument.names) {
    head += (head.empty() ? "" : ", ") + bold(name);
  }
  if (!argument.value.empty()) head += " " + italic(argument.value);
  return ".TP\n" + head + "\n" + roff(argument.meaning) + ".\n";
}

std::string usage_of(const CommandInfo& command) {
  std::string text = bold(command.line) + " [" + italic("FLAG") + "...]";
  for (const Argument& argument : command.positionals) text += " " + italic(argument.value);
  return text;
}

std::string section_of(const CommandInfo& command) {
  std::string text = ".SS " + bold(command.line) + "\n" + usage_of(command) + "\n.PP\n" +
                     roff(command.summary) + ".\n";
  for (const Argument& argument : command.flags) {
    if (argument.names.back() != "--help") text += paragraph(argument);
  }
  for (const Example& example : command.examples) {
    text += ".PP\n.RS\n.nf\n" + bold(example.command) + "\n.fi\n.RS\n" + roff(example.meaning) +
            "\n.RE\n.RE\n";
  }
  return text;
}

std::string sections_of(const CommandInfo& command) {
  std::string text;
  for (const CommandInfo& each : command.commands) {
    text += each.commands.empty() ? section_of(each) : sections_of(each);
  }
  return text;
}

constexpr char kBehind[] = R"(.SH FILES
.TP
.I ~/.config/drover/config.toml
Flags of all commands, for example
.BR "server = \(dqmaster:8420\(dq" .
A flag wins over a variable, and a variable over the file.
.SH ENVIRONMENT
.TP
.BR DROVER_SERVER ", " DROVER_JSON ", " DROVER_COLOR ", " DROVER_CONFIG
As the flags of these names.
.TP
.B NO_COLOR
Not empty: no colours.
.SH EXIT STATUS
.TP
.B 0
It is done.
.TP
.B 1
The master refuses what was asked, or a file cannot be used.
.TP
.B 2
A wrong flag or argument.
.TP
.B 3
The master gave no answer.
.TP
.B 4
There is no such instance, template or node.
.TP
.B 5
It cannot be done as things stand.
.TP
.B 6
The master cannot do it now.
.TP
.B 7
What was waited for has failed, was lost or was stopped.
.TP
.B 8
What was waited for did not come in time.
.PP
.B drover run
ends with the code of its task, or 128 and the number of the signal that ended it; with 121 where
the task was lost, 122 where it never began, 124 where the time was over, 125 where drover itself
failed, and 130 where it was interrupted twice.
)";

int print(Session& session, const Commands& commands) {
  session.print(man_page(describe(commands)));
  return kSuccess;
}

}  // namespace

std::string man_page(const CommandInfo& root) {
  std::string text = ".TH DROVER 1 \"\" \"drover " DROVER_VERSION "\" \"User Commands\"\n";
  text += ".SH NAME\ndrover \\- run templates on the nodes of a cluster\n";
  text += ".SH SYNOPSIS\n" + bold("drover") + " " + italic("COMMAND") + " [" + italic("FLAG") +
          "...] [" + italic("ARGUMENT") + "...]\n";
  text += ".SH DESCRIPTION\n" + roff(root.summary) + "\n";
  text += ".SH FLAGS OF ALL COMMANDS\n";
  for (const Argument& argument : root.flags) text += paragraph(argument);
  text += ".SH COMMANDS\n" + sections_of(root);
  return text + kBehind;
}

void add_man_page(CLI::App& app, Commands& commands) {
  CLI::App& command = commands.add(
      app, "man-page", "Print the manual page", {{"drover man-page > drover.1", "for man(1)"}},
      [&commands](Session& session) { return print(session, commands); });
  command.group("");
}

}  // namespace drover::cli
