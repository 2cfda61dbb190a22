// What clients' keys were used for: of what is stored, and of the batch that is in the making. A
// request that comes again is known, whether its first has been committed or not.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/result.h"
#include "master/core/command.h"
#include "master/core/records.h"

namespace drover::store {
class Store;
}

namespace drover::engine {

// Engine thread only.
class RequestKeys {
 public:
  // The store must outlive this.
  explicit RequestKeys(const store::Store& store) : store_(store) {}

  // Fills in what the command's key was used for before. An error: that cannot be read.
  Status look_up(core::Deploy& command) const;

  // Of a step whose changes are not committed yet.
  void note(const std::vector<core::UsedKey>& keys);
  // All that was noted has been committed.
  void committed() { noted_.clear(); }

 private:
  const store::Store& store_;
  std::map<std::string, core::UsedKey> noted_;
};

}  // namespace drover::engine
