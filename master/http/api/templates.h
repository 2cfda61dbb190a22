// Templates: looking at them, and putting other versions.
#pragma once

#include "master/http/answer.h"
#include "master/http/message.h"
#include "master/http/services.h"

namespace drover::http {

Answer list_templates(const Services& services, const Request& request);
Answer get_template(const Services& services, const Request& request);
Answer remove_template(const Services& services, const Request& request);
Answer put_template(const Services& services, const Request& request);

}  // namespace drover::http
