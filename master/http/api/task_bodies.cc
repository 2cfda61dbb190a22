#include "master/http/api/task_bodies.h"

#include <array>

#include "common/limits.h"
#include "common/signals.h"
#include "master/http/api/read_body.h"
#include "master/http/json_text.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;

namespace {

core::TaskSelection& selection(core::TaskSelection& out) { return out; }
core::TaskSelection& selection(SignalBody& out) { return out.tasks; }

template <class Target>
MaybeProblem read_group(const json::value& value, const Place& place, Target& out) {
  return read_name(value, place, selection(out).group);
}

template <class Target>
MaybeProblem read_index(const json::value& value, const Place& place, Target& out) {
  return read_number(value, place, 0, limits::kSlotsPerInstance, selection(out).index.emplace());
}

template <class Target>
MaybeProblem read_task(const json::value& value, const Place& place, Target& out) {
  return read_name(value, place, selection(out).task);
}

constexpr std::size_t kLongestSignal = 16;  // bytes

MaybeProblem read_signal(const json::value& value, const Place& place, SignalBody& out) {
  std::string name;
  if (auto problem = read_string(value, place, kLongestSignal, name)) return problem;
  const auto found = find_signal(name);
  if (!found) {
    return problem_at(place, Code::invalid_value,
                      excerpt(name) +
                          " is no signal that a task can be sent; the names are those of "
                          "signal(7), like HUP, USR1, TERM, STOP and CONT");
  }
  out.signal = found->name;
  return std::nullopt;
}

template <class Target>
constexpr Field<Target> kGroup{
    "group",      Presence::optional, read_group<Target>,
    schema::name, R"("web")",         "the group's name, or its position; all without"};
template <class Target>
constexpr Field<Target> kIndex{"index",
                               Presence::optional,
                               read_index<Target>,
                               schema::whole<0, limits::kSlotsPerInstance>,
                               "0",
                               "this copy of the group, from 0; all without"};
template <class Target>
constexpr Field<Target> kTask{
    "task",       Presence::optional, read_task<Target>,
    schema::name, R"("server")",      "the task of this name; all without"};

using Restart = core::TaskSelection;
constexpr std::array kRestartBody =
    std::to_array<Field<Restart>>({kGroup<Restart>, kIndex<Restart>, kTask<Restart>});
constexpr std::array kSignalBody = std::to_array<Field<SignalBody>>(
    {{"signal", Presence::required, read_signal, schema::text_of<1, kLongestSignal>, R"("HUP")",
      "its name, as in signal(7)"},
     kGroup<SignalBody>,
     kIndex<SignalBody>,
     kTask<SignalBody>});

Fields<Restart> restart_fields() { return kRestartBody; }
Fields<SignalBody> signal_fields() { return kSignalBody; }

}  // namespace

constexpr schema::Component kRestartBodySchema{"TaskSelection", "Which tasks of an instance.",
                                               object_of<restart_fields>};
constexpr schema::Component kSignalBodySchema{"Signal", "What is sent to which tasks.",
                                              object_of<signal_fields>};

MaybeProblem read_restart_body(std::string_view body, core::TaskSelection& out) {
  return body.empty() ? std::nullopt : read_body<Restart>(body, kRestartBody, out);
}

MaybeProblem read_signal_body(std::string_view body, SignalBody& out) {
  return read_body<SignalBody>(body, kSignalBody, out);
}

}  // namespace drover::http
