// The OpenAPI document as a judge of what is taken and answered. Where no judge of schemas is
// installed, everything fits.
#pragma once

#include <string>
#include <string_view>

#include "master/http/message.h"
#include "master/http/routes.h"

namespace drover::fuzz {

// `json` fits the component of this name.
void check_fits(std::string_view component, std::string_view json);

// The answer is one that the document lists for the route.
void check_documented(const http::Route& route, int status, std::string_view content_type,
                      const std::string& body);

}  // namespace drover::fuzz
