// The cluster as a whole.
#pragma once

#include "master/http/answer.h"
#include "master/http/services.h"

namespace drover::http {

Answer get_cluster(const Services& services, const Request& request);
Answer resume_cluster(const Services& services, const Request& request);

}  // namespace drover::http
