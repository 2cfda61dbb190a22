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

constexpr auto kOtherSignals = std::to_array<SignalName>({
    {"SIGCONT", SIGCONT},
    {"SIGSTOP", SIGSTOP},
});

constexpr std::string_view kPrefix = "SIG";

}  // namespace

std::span<const SignalName> stop_signals() { return kSignals; }

std::optional<int> stop_signal_number(std::string_view name) {
  const auto* found = std::find_if(kSignals.begin(), kSignals.end(),
                                   [name](const SignalName& each) { return each.name == name; });
  if (found == kSignals.end()) return std::nullopt;
  return found->number;
}

std::optional<SignalName> find_signal(std::string_view name) {
  const bool is_whole = name.substr(0, kPrefix.size()) == kPrefix;
  for (const std::span<const SignalName> signals :
       {std::span<const SignalName>(kSignals), std::span<const SignalName>(kOtherSignals)}) {
    for (const SignalName& each : signals) {
      if (each.name == name || (!is_whole && each.name.substr(kPrefix.size()) == name)) return each;
    }
  }
  return std::nullopt;
}

}  // namespace drover
