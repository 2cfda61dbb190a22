#include "master/http/openapi/document.h"

#include <array>
#include <boost/json/serialize.hpp>
#include <cctype>

#include "master/http/routes.h"

namespace drover::http::openapi {
namespace {

namespace json = boost::json;

struct Tag {
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array kTags = {
    Tag{"Tasks", "Templates, instances and nodes in six calls."},
    Tag{"Templates", "What can be deployed, in versions."},
    Tag{"Instances", "Deployments: how they are, what they print, how they change."},
    Tag{"Nodes", "Machines with an agent."},
    Tag{"Events", "What happens, as one stream."},
    Tag{"Cluster", "All nodes as a whole."},
    Tag{"Master", "What the master says of itself."},
};

constexpr std::string_view kAbout =
    "Drover runs plain processes on many machines: this is the API of its master.\n\n"
    "A body is JSON, whatever its Content-Type says. What a call does not know, in a body or a "
    "query, is refused with the nearest name that it does. Every error has one shape, `Error`, "
    "whose `code` never changes its meaning. HEAD works where GET does; OPTIONS answers 204 with "
    "`Allow`. Answers of 1 KiB and more are compressed where `Accept-Encoding` has gzip; streams "
    "are not.\n\n"
    "An answer of the type `application/x-ndjson` is a stream: a JSON text on each line that is "
    "not empty, which `contentSchema` describes as a list.";

// What can be wrong with any request, before a call sees it.
json::object refused(schema::Components& components) {
  return error_response(
      {Code::malformed_request, Code::malformed_target, Code::foreign_host, Code::foreign_origin,
       Code::unknown_path, Code::method_not_allowed, Code::request_timeout, Code::body_too_large,
       Code::target_too_long, Code::expectation_failed, Code::header_too_large},
      components);
}

json::object failed(schema::Components& components) {
  return error_response(
      {Code::internal_error, Code::unsupported_method, Code::unsupported_transfer_encoding,
       Code::too_many_connections, Code::unsupported_version},
      components);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

json::object make_document() {
  schema::Components components;
  json::object out{{"openapi", "3.1.0"}};
  out["info"] = {{"title", "Drover"}, {"version", DROVER_VERSION}, {"description", kAbout}};
  out["servers"] = json::array{{{"url", "/"}, {"description", "The master that was asked"}}};
  // Whoever reaches the master may ask it.
  out["security"] = json::array{json::object()};
  json::array& tags = out["tags"].emplace_array();
  for (const Tag& tag : kTags) {
    tags.push_back({{"name", tag.name}, {"description", tag.meaning}});
  }
  json::object& paths = out["paths"].emplace_object();
  for (const Route& route : routes()) {
    json::value& path = paths[route.path];
    if (!path.is_object()) path.emplace_object();
    path.as_object()[lower(word_of(route.method))] = operation_json(route, components);
  }
  json::object& shared = out["components"].emplace_object();
  shared["responses"] = {{"Refused", refused(components)}, {"Failed", failed(components)}};
  shared["schemas"] = components.take();
  return out;
}

}  // namespace

const std::string& document() {
  static const std::string text = json::serialize(make_document());
  return text;
}

}  // namespace drover::http::openapi
