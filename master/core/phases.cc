#include "master/core/phases.h"

#include <array>

#include "common/check.h"

namespace drover::core {
namespace {

using enum Action;
using Row = std::array<Action, kPhases>;

// clang-format off
constexpr std::array<Row, kEvents> kTable = {{
  // waiting        starting       running      stopping       unknown      unknown_stopping standby    ended
  {  end_unstarted, tell_stop,     tell_stop,   nothing,       nothing,     nothing,         drop,      nothing },  // stop_wished
  {  remove,        apply,         apply,       apply,         apply,       apply,           remove,    remove  },  // reported
  {  nothing,       make_unknown,  make_unknown, make_unknown, nothing,     nothing,         nothing,   nothing },  // node_silent
  {  remove,        apply,         apply,       apply_stop,    apply,       apply_stop,      take_over, remove  },  // held
  {  nothing,       start_again,   lose,        lose_reported, start_or_lose, lose_reported, drop,      nothing },  // missing
  {  nothing,       lose,          lose,        lose,          lose,        lose,            drop,      nothing },  // missing_forgotten
  {  nothing,       nothing,       nothing,     nothing,       lose,        lose,            nothing,   nothing },  // timed_out
}};
// clang-format on

}  // namespace

Action decide(Phase phase, Event event) {
  return kTable.at(static_cast<std::size_t>(event)).at(static_cast<std::size_t>(phase));
}

Phase phase_of(const Allocation& allocation, bool stop_wished) {
  if (is_terminal(allocation)) return Phase::ended;
  if (!allocation.node) return Phase::waiting;
  if (is_unknown(allocation)) return stop_wished ? Phase::unknown_stopping : Phase::unknown;
  if (stop_wished) return Phase::stopping;
  return was_reported(allocation) ? Phase::running : Phase::starting;
}

const char* to_string(Phase phase) {
  switch (phase) {
    case Phase::waiting:
      return "waiting";
    case Phase::starting:
      return "starting";
    case Phase::running:
      return "running";
    case Phase::stopping:
      return "stopping";
    case Phase::unknown:
      return "unknown";
    case Phase::unknown_stopping:
      return "unknown, stopping";
    case Phase::standby:
      return "standby";
    case Phase::ended:
      return "ended";
  }
  check_failed(__FILE__, __LINE__, "Phase", "not one of its values");
}

const char* to_string(Event event) {
  switch (event) {
    case Event::stop_wished:
      return "stop wished";
    case Event::reported:
      return "reported";
    case Event::node_silent:
      return "node silent";
    case Event::held:
      return "node back, holds it";
    case Event::missing:
      return "node back, does not hold it";
    case Event::missing_forgotten:
      return "node back, may have forgotten it";
    case Event::timed_out:
      return "offline too long";
  }
  check_failed(__FILE__, __LINE__, "Event", "not one of its values");
}

const char* to_string(Action action) {
  switch (action) {
    case Action::nothing:
      return "-";
    case Action::end_unstarted:
      return "ended: never started";
    case Action::tell_stop:
      return "send stop";
    case Action::apply:
      return "apply";
    case Action::apply_stop:
      return "apply, send stop again";
    case Action::make_unknown:
      return "becomes unknown";
    case Action::start_again:
      return "send start again";
    case Action::start_or_lose:
      return "reported: lost; else send start again";
    case Action::lose:
      return "lost";
    case Action::lose_reported:
      return "reported: lost; else never started";
    case Action::take_over:
      return "takes over";
    case Action::drop:
      return "dropped";
    case Action::remove:
      return "send remove";
  }
  check_failed(__FILE__, __LINE__, "Action", "not one of its values");
}

}  // namespace drover::core
