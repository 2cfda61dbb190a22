#include "tests/sim/oracle/describe.h"

#include "agent/wire/convert.h"

namespace drover::sim {
namespace {

void add(const char* verb, const AllocationId& id, Described& described, Trace& trace) {
  described.text += std::string(", ") + verb + " " + trace.name(id);
  described.subjects.push_back(trace.name(id.instance));
}

}  // namespace

Described describe(const v1::MasterMessage& message, Trace& trace) {
  Described described;
  if (message.has_welcome()) described.text = ", welcome";
  for (const agent::core::Command& command : agent::wire::commands(message).input.commands) {
    if (const auto* start = std::get_if<agent::core::StartAllocation>(&command)) {
      add("start", start->spec->id, described, trace);
    } else if (const auto* stop = std::get_if<agent::core::StopAllocation>(&command)) {
      add("stop", stop->id, described, trace);
    } else if (const auto* remove = std::get_if<agent::core::RemoveAllocation>(&command)) {
      add("remove", remove->id, described, trace);
    }
  }
  if (described.text.empty()) return {};
  described.text = "session " + std::to_string(message.session()) + " number " +
                   std::to_string(message.sequence()) + described.text;
  return described;
}

Described describe(const agent::core::SupervisorRequest& request, Trace& trace) {
  using namespace agent::core;
  const auto about_key = [&trace](const char* verb, const std::string& key) {
    const auto check = CheckId::parse(key);
    const auto id = check ? check->attempt : AttemptId::parse(key);
    return Described{std::string(verb) + " " + trace.name_of_key(key),
                     {id ? trace.name(id->allocation.instance) : key}};
  };
  if (const auto* spawn = std::get_if<SpawnAttempt>(&request)) {
    return about_key("spawn", spawn->id.text());
  }
  if (const auto* check = std::get_if<SpawnCheck>(&request)) {
    return about_key("check by", check->id.text());
  }
  if (const auto* signal = std::get_if<SignalAttempt>(&request)) {
    return about_key("signal", signal->key);
  }
  if (const auto* kill = std::get_if<KillAttempt>(&request)) return about_key("kill", kill->key);
  if (const auto* forget = std::get_if<ForgetAttempt>(&request)) {
    return about_key("forget", forget->key);
  }
  return {};
}

}  // namespace drover::sim
