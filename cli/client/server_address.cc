#include "cli/client/server_address.h"

#include <string>

namespace drover::cli {
namespace {

Error no_server(std::string_view text, const std::string& why) {
  return {ErrorKind::invalid, "'" + std::string(text) + "' is no address of a server: " + why +
                                  "; write for example 127.0.0.1:8420"};
}

bool has_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const std::size_t bracket = text.rfind(']');
  return bracket == std::string_view::npos || colon > bracket;
}

}  // namespace

Result<Endpoint> parse_server(std::string_view text) {
  std::string_view rest = text;
  constexpr std::string_view kScheme = "http://";
  if (rest.starts_with("https://")) {
    return no_server(text, "the master speaks http without encryption");
  }
  if (rest.starts_with(kScheme)) rest.remove_prefix(kScheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find('/') != std::string_view::npos) return no_server(text, "it has a path");
  const std::string with_port =
      std::string(rest) + (has_port(rest) ? "" : ":" + std::to_string(kDefaultPort));
  auto endpoint = parse_endpoint(with_port);
  if (!endpoint) return no_server(text, endpoint.error().message);
  if (endpoint->port == 0) return no_server(text, "nothing can be reached at port 0");
  return endpoint;
}

}  // namespace drover::cli
