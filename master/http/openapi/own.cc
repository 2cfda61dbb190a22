// What the server says about itself.
#include <array>

#include "master/http/openapi/operations.h"
#include "master/http/openapi/shapes.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr std::array<std::string_view, 4> kMethods = {"GET", "POST", "PUT", "DELETE"};
constexpr std::array<std::string_view, 1> kService = {"drover-master"};

constexpr std::array kCallMembers = std::to_array<Member>({
    {"method", required, schema::word<kMethods>, "How it is called"},
    {"path", required, schema::text, "With the name of its parameter in braces"},
    {"summary", required, schema::text, "What it does, for people"},
});
constexpr schema::Component kCallShape{"Call", "Something that can be asked.",
                                       schema::object<kCallMembers>};

constexpr std::array kAboutMembers = std::to_array<Member>({
    {"service", required, schema::word<kService>, "Always the same"},
    {"version", required, schema::text, "The program's"},
    {"calls", required, schema::list<schema::ref<kCallShape>>, "All"},
});
constexpr schema::Component kAboutShape{"About", "What answers here, and what it can be asked.",
                                        schema::object<kAboutMembers>};

boost::json::object document(schema::Components&) { return {{"type", "object"}}; }

constexpr std::string_view kTag = "Master";

}  // namespace

Operation get_metrics() {
  return {
      .id = "getMetrics",
      .tag = kTag,
      .description = "What the master counts, in the text format of Prometheus.",
      .success = {"The counts.",
                  {{"text/plain", schema::text,
                    "# TYPE drover_nodes gauge\ndrover_nodes{state=\"online\"} 3\n"}}},
  };
}

Operation healthz() {
  return {
      .id = "getHealth",
      .tag = kTag,
      .description = "Answers while the process lives.",
      .success = {"It lives.", {json_content(schema::ref<kOkShape>, R"({"status": "ok"})")}},
  };
}

Operation readyz() {
  return {
      .id = "getReadiness",
      .tag = kTag,
      .description = "Whether commands are taken.",
      .success = {"They are.", {json_content(schema::ref<kOkShape>, R"({"status": "ok"})")}},
      .errors = {Code::overloaded, Code::read_only},
  };
}

Operation get_openapi() {
  return {
      .id = "getOpenApi",
      .tag = kTag,
      .description = "This document.",
      .success = {"The document.", {json_content(document, R"({"openapi": "3.1.0"})")}},
  };
}

Operation about() {
  return {
      .id = "getCalls",
      .tag = kTag,
      .description = "All calls in short.",
      .success = {"What answers here.",
                  {json_content(schema::ref<kAboutShape>,
                                R"({"service": "drover-master", "version": "0.1.0", "calls": [
                                    {"method": "GET", "path": "/", "summary": "this list"}]})")}},
  };
}

}  // namespace drover::http::openapi
