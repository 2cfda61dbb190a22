#include "master/http/guard.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "common/limits.h"
#include "master/http/json_text.h"

namespace drover::http {
namespace {

constexpr std::uint16_t kHttpPort = 80;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// More digits than a length can have count as the largest number.
std::uint64_t to_length(std::string_view digits) {
  std::uint64_t length = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  return result.ec == std::errc() ? length : std::numeric_limits<std::uint64_t>::max();
}

struct Authority {
  std::string_view host;  // without brackets
  std::optional<std::uint16_t> port;
};

std::optional<Authority> parse_authority(std::string_view text) {
  Authority authority;
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  const std::size_t colon =
      bracket == std::string_view::npos ? text.find(':') : text.find(':', bracket);
  authority.host = text.substr(0, colon);
  if (bracket != std::string_view::npos) {
    if (authority.host.size() != bracket + 1) return std::nullopt;
    authority.host = authority.host.substr(1, bracket - 1);
  }
  if (authority.host.empty()) return std::nullopt;
  if (colon == std::string_view::npos) return authority;
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (!all_digits(digits) || result.ec != std::errc()) return std::nullopt;
  authority.port = port;
  return authority;
}

// Whichever scheme a proxy before this server speaks.
bool is_host_of(std::string_view origin, const std::string& host) {
  return !host.empty() && (equal_ignoring_case(origin, "http://" + host) ||
                           equal_ignoring_case(origin, "https://" + host));
}

Problem malformed(const std::string& what) { return {Code::malformed_request, what, ""}; }

MaybeProblem check_length(const RequestHead& head) {
  if (head.content_length.count == 0) return std::nullopt;
  if (head.content_length.count > 1) return malformed("Content-Length is there twice; send one");
  if (!all_digits(head.content_length.value)) {
    return malformed("Content-Length " + excerpt(head.content_length.value) + " is no number");
  }
  const std::uint64_t length = to_length(head.content_length.value);
  if (length <= limits::kHttpBodyBytes) return std::nullopt;
  return Problem{Code::body_too_large,
                 "the body is larger than " + std::to_string(limits::kHttpBodyBytes) +
                     " bytes, the most that is taken; make it smaller",
                 ""};
}

MaybeProblem check_transfer_encoding(const RequestHead& head) {
  if (head.transfer_encoding.count == 0) return std::nullopt;
  if (head.content_length.count > 0) {
    return malformed("Transfer-Encoding and Content-Length together; send one of them");
  }
  if (head.http10) return malformed("Transfer-Encoding in HTTP/1.0; send a Content-Length");
  if (head.transfer_encoding.count > 1) {
    return malformed("Transfer-Encoding is there twice; send one");
  }
  if (equal_ignoring_case(head.transfer_encoding.value, "chunked")) return std::nullopt;
  return Problem{Code::unsupported_transfer_encoding,
                 "Transfer-Encoding " + excerpt(head.transfer_encoding.value) +
                     " is not understood; send chunked, or a Content-Length",
                 ""};
}

}  // namespace

MaybeProblem check_framing(const RequestHead& head) {
  if (auto problem = check_transfer_encoding(head)) return problem;
  if (auto problem = check_length(head)) return problem;
  if (head.host.count > 1) return malformed("Host is there twice; send one");
  if (head.host.count == 0 && !head.http10) {
    return malformed("HTTP/1.1 without a Host header; add one");
  }
  if (head.expect.count > 0 && !head.http10 &&
      !equal_ignoring_case(head.expect.value, "100-continue")) {
    return Problem{
        Code::expectation_failed,
        "Expect " + excerpt(head.expect.value) + " is not understood; only 100-continue is", ""};
  }
  return std::nullopt;
}

Guard::Guard(Endpoint bound)
    : bound_(std::move(bound)), own_name_(bound_.text()), loopback_(bound_.is_loopback()) {}

bool Guard::is_own_authority(std::string_view text) const {
  const auto authority = parse_authority(text);
  if (!authority) return false;
  if (authority->port && *authority->port != bound_.port) return false;
  if (equal_ignoring_case(authority->host, "localhost")) return true;
  return Endpoint{std::string(authority->host), 0}.is_loopback() || authority->host == bound_.host;
}

bool Guard::is_own_origin(std::string_view origin) const {
  constexpr std::string_view kScheme = "http://";
  if (!origin.starts_with(kScheme)) return false;
  const std::string_view rest = origin.substr(kScheme.size());
  const auto authority = parse_authority(rest);
  return authority && authority->port.value_or(kHttpPort) == bound_.port && is_own_authority(rest);
}

MaybeProblem Guard::check_host(std::string_view name) const {
  if (name == own_name_ || is_own_authority(name)) return std::nullopt;
  return Problem{Code::foreign_host,
                 "Host " + excerpt(name) + " is not this server; use " + own_name_, ""};
}

MaybeProblem Guard::check(const RequestHead& head, std::string_view authority) const {
  if (loopback_ && head.host.count > 0) {
    if (auto problem = check_host(head.host.value)) return problem;
  }
  if (loopback_ && !authority.empty()) {
    if (auto problem = check_host(authority)) return problem;
  }
  if (head.origin.count == 0) return std::nullopt;
  const std::string_view origin = head.origin.value;
  const bool own = loopback_ ? is_own_origin(origin) : is_host_of(origin, head.host.value);
  if (own && head.origin.count == 1) return std::nullopt;
  return Problem{Code::foreign_origin,
                 "Origin " + excerpt(origin) + " may not use this server; call it from " +
                     own_name_ + ", or not from a web page",
                 ""};
}

}  // namespace drover::http
