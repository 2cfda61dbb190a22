// What the server says about itself.
#pragma once

#include "master/http/answer.h"
#include "master/http/services.h"

namespace drover::http {

Answer healthz(const Services& services, const Request& request);
// Ready means that the engine takes commands.
Answer readyz(const Services& services, const Request& request);
// The OpenAPI document.
Answer get_openapi(const Services& services, const Request& request);
// Name, version and the table of routes.
Answer about(const Services& services, const Request& request);

}  // namespace drover::http
