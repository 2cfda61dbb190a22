#include "common/endpoint.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace drover {

std::string Endpoint::text() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ':' + std::to_string(port);
}

bool Endpoint::is_loopback() const {
  if (host == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const Error wrong{ErrorKind::invalid, "'" + std::string(text) +
                                            "' is no ADDRESS:PORT; write for example "
                                            "127.0.0.1:8420 or [::1]:8420"};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return wrong;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.front() == '[') {
    if (host.back() != ']') return wrong;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return wrong;
  }
  const bool is_clean =
      std::all_of(host.begin(), host.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!is_clean) return wrong;
  Endpoint endpoint{std::string(host), 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (host.empty() || error != std::errc() || end != port.data() + port.size()) return wrong;
  return endpoint;
}

}  // namespace drover
