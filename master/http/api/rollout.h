// Changes of what runs: other versions, more copies or fewer.
#pragma once

#include "master/http/answer.h"
#include "master/http/message.h"
#include "master/http/services.h"

namespace drover::http {

Answer update_instance(const Services& services, const Request& request);
Answer scale_instance(const Services& services, const Request& request);

}  // namespace drover::http
