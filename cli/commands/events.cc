// drover events
#include <CLI/CLI.hpp>
#include <boost/json/parse.hpp>
#include <memory>

#include "cli/client/lines.h"
#include "cli/commands/all.h"
#include "cli/commands/event_view.h"
#include "cli/commands/outage.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

struct Options {
  EventFilter filter;
  std::string since;
};

// What a stream says at its end, where it is not over. One that was too slow, or whose master
// stops, goes on where it was.
Error error_in(const json::object& said) {
  const std::string code = text_of(said, "code");
  const bool is_for_ever = code == "events_gone";
  return {is_for_ever ? ErrorKind::invalid : ErrorKind::unavailable, text_of(said, "message")};
}

// Prints events, and goes on behind the last one when the stream was broken.
class Printer {
 public:
  Printer(Session& session, Interrupts& interrupts, const Options& options)
      : session_(session),
        interrupts_(interrupts),
        outage_(session.connection(), &interrupts),
        filter_(options.filter),
        since_(parse_instant(api_time(options.since, Session::now()))) {}

  int run() {
    for (;;) {
      const Status read = read_once();
      if (read) return kSuccess;
      const bool again = outage_.is_worth_another_try(read.error());
      if (interrupts_.take() != Interrupt::none) return kInterrupted;
      if (!again) return Session::fail(read.error());
    }
  }

 private:
  Status read_once() {
    Lines lines;
    std::optional<Error> said;
    const Status read = session_.api().read_events(filter_, [&](std::string_view piece) {
      outage_.is_over();
      lines.add(piece, [&](std::string_view line) { take(line, said); });
      return !said;
    });
    if (!read || said) return read ? *said : read.error();
    if (!filter_.follow) return Done{};
    return Error{ErrorKind::unavailable, "the master has ended the stream of events"};
  }

  // An empty line is a sign of life.
  void take(std::string_view line, std::optional<Error>& said) {
    json::error_code error;
    const json::value value = json::parse({line.data(), line.size()}, error);
    if (error || !value.is_object()) return;
    const json::object& event = value.get_object();
    if (text_of(event, "status") == "error") {
      said = error_in(event);
      return;
    }
    filter_.after = text_of(event, "id");
    const auto time = parse_instant(text_of(event, "time"));
    if (since_ && time && *time < *since_) return;
    session_.print(session_.json() ? std::string(line) + "\n"
                                   : event_text(event, session_.palette()));
  }

  Session& session_;
  Interrupts& interrupts_;
  Outage outage_;
  EventFilter filter_;
  const std::optional<Instant> since_;
};

int show(Session& session, const Options& options) {
  Interrupts interrupts;
  interrupts.end_calls_of(session.connection());
  return Printer(session, interrupts, options).run();
}

}  // namespace

void add_events(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  EventFilter& filter = options->filter;
  CLI::App& command = commands.add(
      app, "events", "Print what has happened in the cluster, the oldest first",
      {{"drover events --since 1h", "of the last hour"},
       {"drover events -f --since 0s", "what happens from now on, until Ctrl-C"},
       {"drover events --kind node,task.ended --json", "of these kinds, a JSON text on each line"},
       {"drover events --instance 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60",
        "the life of an instance"}},
      [options](Session& session) { return show(session, *options); });
  command.add_flag(
      "-f,--follow", filter.follow,
      "Go on with what happens; a broken connection is made again, and nothing is left "
      "out or said twice");
  command
      .add_option("--since", options->since,
                  "Only what happened at this time, as in RFC 3339, or so long ago, or later")
      ->check(check_time)
      ->type_name("TIME|DURATION");
  command.add_option("--after", filter.after, "Behind this event, or all of this index")
      ->type_name("INDEX[.POSITION]");
  command.add_option("--kind", filter.kinds, "Of these kinds, or beginnings of kinds")
      ->type_name("KIND");
  command.add_option("--instance", filter.instance, "Of this instance")->type_name("INSTANCE");
  command.add_option("--template", filter.template_name, "Of this template")->type_name("TEMPLATE");
  command.add_option("--node", filter.node, "Of this node")->type_name("NODE");
}

}  // namespace drover::cli
