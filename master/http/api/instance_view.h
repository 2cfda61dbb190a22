// An instance, wherever it is: among what has not ended, or in the history.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/ids.h"
#include "common/result.h"
#include "master/core/records.h"
#include "master/http/answer.h"
#include "master/http/api/instance_json.h"
#include "master/http/errors.h"
#include "master/http/services.h"

namespace drover::http {

// With what fills its slots, as far as that is there.
struct WholeInstance {
  core::Ptr<core::Instance> instance;
  std::vector<core::Ptr<core::Allocation>> slots;

  // Of the last batch that has changed anything of it.
  Index index() const;
};

// Any thread; may read the disk. Nothing: there is none. An error: the history cannot be read.
Result<std::optional<WholeInstance>> find_instance(const Services& services, const InstanceId& id);

Problem unknown_instance(const InstanceId& id);

// The templates of its copies, as far as they are there.
Versions versions_of(const Services& services, const WholeInstance& whole);

// All that is known of it, as JSON.
Response show(const Services& services, const WholeInstance& whole);

}  // namespace drover::http
