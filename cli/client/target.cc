#include "cli/client/target.h"

namespace drover::cli {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

std::string encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append("%").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
  }
  return out;
}

}  // namespace

std::string target(const std::vector<std::string_view>& parts,
                   const std::vector<std::pair<std::string_view, std::string>>& query) {
  std::string out = "/api/v1";
  for (const std::string_view part : parts) out += "/" + encoded(part);
  char before = '?';
  for (const auto& [name, value] : query) {
    out.append(1, before).append(name).append("=").append(encoded(value));
    before = '&';
  }
  return out;
}

}  // namespace drover::cli
