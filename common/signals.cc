#include "common/signals.h"

#include <algorithm>
#include <array>
#include <csignal>

namespace drover {
namespace {

constexpr auto kSignals = std::to_array<SignalName>({
    {"SIGABRT", SIGABRT},
    {"SIGALRM", SIGALRM},
    {"SIGHUP", SIGHUP},
    {"SIGINT", SIGINT},
    {"SIGKILL", SIGKILL},
    {"SIGPIPE", SIGPIPE},
    {"SIGQUIT", SIGQUIT},
    {"SIGTERM", SIGTERM},
    {"SIGUSR1", SIGUSR1},
    {"SIGUSR2", SIGUSR2},
    {"SIGWINCH", SIGWINCH},
});

}  // namespace

std::span<const SignalName> stop_signals() { return kSignals; }

std::optional<int> stop_signal_number(std::string_view name) {
  const auto* found = std::find_if(kSignals.begin(), kSignals.end(),
                                   [name](const SignalName& each) { return each.name == name; });
  if (found == kSignals.end()) return std::nullopt;
  return found->number;
}

}  // namespace drover
