// The calls of an operator, below /api/v1/: one instance in full, and the cluster as a whole.
#pragma once

#include "master/http/answer.h"
#include "master/http/services.h"

namespace drover::http {

Answer deploy_instance(const Services& services, const Request& request);
Answer get_instance(const Services& services, const Request& request);
Answer get_cluster(const Services& services, const Request& request);
Answer resume_cluster(const Services& services, const Request& request);

}  // namespace drover::http
