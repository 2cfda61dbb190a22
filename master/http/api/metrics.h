// What the master counts of itself, for Prometheus.
#pragma once

#include "master/http/answer.h"
#include "master/http/services.h"

namespace drover::http {

// GET /metrics
Answer get_metrics(const Services& services, const Request& request);

}  // namespace drover::http
