// What is asked of the tasks of an instance that run.
#pragma once

#include "master/http/answer.h"
#include "master/http/services.h"

namespace drover::http {

Answer restart_tasks(const Services& services, const Request& request);
Answer signal_tasks(const Services& services, const Request& request);

}  // namespace drover::http
