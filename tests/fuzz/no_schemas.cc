#include "tests/fuzz/schemas.h"

namespace drover::fuzz {

void check_fits(std::string_view, std::string_view) {}

void check_documented(const http::Route&, int, std::string_view, const std::string&) {}

}  // namespace drover::fuzz
