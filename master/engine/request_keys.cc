#include "master/engine/request_keys.h"

#include <utility>

#include "common/planted_bug.h"
#include "master/store/store.h"

namespace drover::engine {

Status RequestKeys::look_up(core::Deploy& command) const {
  if (command.key.empty() || planted(PlantedBug::forget_keys)) return Done{};
  const auto noted = noted_.find(command.key);
  if (noted != noted_.end()) {
    command.earlier = noted->second;
    return Done{};
  }
  auto stored = store_.find_key(command.key);
  if (!stored) return stored.error();
  command.earlier = std::move(*stored);
  return Done{};
}

void RequestKeys::note(const std::vector<core::UsedKey>& keys) {
  for (const core::UsedKey& each : keys) noted_.emplace(each.key, each);
}

}  // namespace drover::engine
