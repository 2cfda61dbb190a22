// drover events
#include <CLI/CLI.hpp>
#include <boost/json/parse.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/text/width.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

// "2025-03-09T12:00:00.000Z  instance.state   running  nightly 0190…", on one line.
std::string event_text(const json::object& event, const Palette& palette) {
  const std::string state = text_of(event, "state");
  std::string text = palette.paint(text_of(event, "time"), Colour::dim) + "  " +
                     padded(printable(text_of(event, "kind")), 18) + "  " +
                     palette.paint(padded(printable(state), 10), colour_of_state(state));
  for (const char* name : {"template", "instance", "task", "allocation", "node", "detail"}) {
    const std::string value = text_of(event, name);
    if (!value.empty()) text.append("  ").append(name).append("=").append(printable(value));
  }
  return text + "\n";
}

// Puts lines together that come in pieces.
class Lines {
 public:
  template <class Visit>
  void add(std::string_view piece, const Visit& visit) {
    rest_ += piece;
    std::size_t begin = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos;
         end = rest_.find('\n', begin)) {
      visit(rest_.substr(begin, end - begin));
      begin = end + 1;
    }
    rest_.erase(0, begin);
  }

 private:
  std::string rest_;
};

int show(Session& session, const EventFilter& filter) {
  Lines lines;
  const auto print_line = [&](const std::string& line) {
    json::error_code error;
    const json::value event = json::parse(line, error);
    if (!error && event.is_object()) {
      session.print(event_text(event.get_object(), session.palette()));
    }
  };
  const auto done = session.api().read_events(filter, [&](std::string_view piece) {
    if (session.json()) {
      session.print(piece);
    } else {
      lines.add(piece, print_line);
    }
    return true;
  });
  return done ? static_cast<int>(kSuccess) : Session::fail(done.error());
}

}  // namespace

void add_events(CLI::App& app, Commands& commands) {
  const auto filter = std::make_shared<EventFilter>();
  CLI::App& command = commands.add(
      app, "events", "Print what has happened in the cluster",
      {{"drover events -f", "from the oldest that is kept, and on for ever"},
       {"drover events --kind node --json", "of nodes alone, a JSON text on each line"},
       {"drover events --instance 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60",
        "the life of an instance"}},
      [filter](Session& session) { return show(session, *filter); });
  command.add_flag("-f,--follow", filter->follow, "Go on with what happens from now on");
  command.add_option("--after", filter->after, "Behind this event, or all of this index")
      ->type_name("INDEX[.POSITION]");
  command.add_option("--kind", filter->kinds, "Of these kinds, or beginnings of kinds")
      ->type_name("KIND");
  command.add_option("--instance", filter->instance, "Of this instance")->type_name("INSTANCE");
  command.add_option("--template", filter->template_name, "Of this template")
      ->type_name("TEMPLATE");
  command.add_option("--node", filter->node, "Of this node")->type_name("NODE");
}

}  // namespace drover::cli
