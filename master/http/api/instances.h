// Instances: made, listed, shown, awaited, ended and forgotten.
#pragma once

#include "master/http/answer.h"
#include "master/http/services.h"

namespace drover::http {

Answer deploy_instance(const Services& services, const Request& request);
Answer get_instance(const Services& services, const Request& request);
Answer end_instance(const Services& services, const Request& request);
Answer forget_instance(const Services& services, const Request& request);

}  // namespace drover::http
