#include "tests/fuzz/schemas.h"

#include <boost/json/parse.hpp>

#include "common/check.h"
#include "master/http/openapi/document.h"
#include "tests/support/api_document.h"

namespace drover::fuzz {
namespace {

const test::ApiDocument& the_document() {
  static const test::ApiDocument document(http::openapi::document());
  return document;
}

void check_none(const std::string& misfit) { DROVER_CHECK(misfit.empty(), misfit.c_str()); }

}  // namespace

void check_fits(std::string_view component, std::string_view json) {
  check_none(the_document().misfit(std::string(component), boost::json::parse(json)));
}

void check_documented(const http::Route& route, int status, std::string_view content_type,
                      const std::string& body) {
  const auto& operation = the_document().operation(route.operation().id);
  check_none(the_document().misfit(operation, status, std::string(content_type), body));
}

}  // namespace drover::fuzz
