// The stream of what happens in the cluster.
#pragma once

#include "master/http/answer.h"
#include "master/http/services.h"

namespace drover::http {

Answer get_events(const Services& services, const Request& request);

}  // namespace drover::http
