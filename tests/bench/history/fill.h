// Instances that have ended, by the thousand, as masters would have left them in their store.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "common/ids.h"
#include "master/store/store.h"

namespace drover::bench {

// Writes so many instances of one task that has succeeded, each as a deploy and then as an end, in
// synced batches like those of a busy master, and the newest events up to the limit of the store.
// The store must be new: it is loaded, and has an epoch, afterwards. `proceed` is asked between
// batches, and may throw. Returns every so manyth id. Throws std::runtime_error.
std::vector<InstanceId> fill_history(store::Store& store, std::uint64_t count, std::uint64_t every,
                                     const std::function<void()>& proceed);

}  // namespace drover::bench
