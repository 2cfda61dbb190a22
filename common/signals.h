// Signals by their names. Pure.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace drover {

struct SignalName {
  std::string_view name;  // "SIGTERM"
  int number;             // on this machine
};

// Those that can ask a task to end. Sorted by name.
std::span<const SignalName> stop_signals();

// Nothing: there is none of this name.
std::optional<int> stop_signal_number(std::string_view name);

// Of these and those that a task can be sent beside: to stand still, and to go on. "SIGHUP" or
// "HUP".
std::optional<SignalName> find_signal(std::string_view name);

}  // namespace drover
