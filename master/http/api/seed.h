// The six calls of the API under /api/task. Their bodies have exactly the documented fields; the
// handlers can be called from any thread.
#pragma once

#include "master/http/answer.h"
#include "master/http/services.h"

namespace drover::http {

Answer create_template(const Services& services, const Request& request);
Answer query_template(const Services& services, const Request& request);
Answer deploy(const Services& services, const Request& request);
Answer query_instance(const Services& services, const Request& request);
Answer stop_instance(const Services& services, const Request& request);
Answer list_nodes(const Services& services, const Request& request);

}  // namespace drover::http
