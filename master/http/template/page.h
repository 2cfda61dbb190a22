// The page that documents templates, made of the tables that read them.
#pragma once

#include <string>

namespace drover::http {

// Markdown. deploy/templates.md is exactly this.
std::string template_page();

}  // namespace drover::http
