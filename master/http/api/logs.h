// What tasks have printed.
#pragma once

#include "master/http/answer.h"
#include "master/http/services.h"

namespace drover::http {

// GET /api/v1/instances/{id}/logs
Answer get_logs(const Services& services, const Request& request);

}  // namespace drover::http
