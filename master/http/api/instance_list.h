// Instances in pages: those that have not ended and those of the history as one list, the newest
// first.
//
// Ids are ordered by time, and both parts are kept in the order of ids, so that a page costs what
// it shows, whatever there is before it and behind it. Where a filter rules most of them out, a
// page looks at limits::kRecordsPerPage of each part, and may have fewer instances than asked for,
// or none, and a cursor.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "common/ids.h"
#include "master/core/records.h"
#include "master/http/answer.h"
#include "master/http/api/filters.h"
#include "master/http/services.h"

namespace drover::http {

// What is absent or empty may be anything.
struct InstanceFilter {
  std::set<std::string> states;
  std::optional<std::string> template_name;
  Labels labels;  // of its template, in its version
  std::optional<NodeId> node;
  std::optional<core::UnixMs> since;  // made then or later
  std::optional<core::UnixMs> until;  // made before
};

// Where to look.
struct InstanceRange {
  std::optional<InstanceId> before;  // exclusive
  std::optional<InstanceId> floor;   // inclusive
};

// GET /api/v1/instances
Answer list_instances(const Services& services, const Request& request);

}  // namespace drover::http
