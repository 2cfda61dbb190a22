#include "agent/core/step.h"

#include <utility>

#include "agent/core/machine.h"

namespace drover::agent::core {

Output step(State& state, const Input& input, Moment now) {
  Machine machine(state, now);
  std::visit([&machine](const auto& content) { machine.on(content); }, input);
  machine.settle_groups();
  return machine.take_output();
}

namespace {

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  if (to.empty()) {
    to = std::move(from);
    return;
  }
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void Output::add(Output&& later) {
  if (later.epoch) epoch = later.epoch;
  append(journal, std::move(later.journal));
  append(requests, std::move(later.requests));
  append(probes, std::move(later.probes));
  append(reports, std::move(later.reports));
  append(removed, std::move(later.removed));
  append(forgotten, std::move(later.forgotten));
  append(dropped, std::move(later.dropped));
  append(notes, std::move(later.notes));
}

}  // namespace drover::agent::core
