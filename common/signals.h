// The signals that can ask a task to end, by their names. Pure.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace drover {

struct SignalName {
  std::string_view name;  // "SIGTERM"
  int number;             // on this machine
};

// Sorted by name.
std::span<const SignalName> stop_signals();

// Nothing: there is none of this name.
std::optional<int> stop_signal_number(std::string_view name);

}  // namespace drover
