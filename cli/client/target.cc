#include "cli/client/target.h"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace drover::cli {
namespace {

std::string encoded(std::string_view text) {
  return boost::urls::encode({text.data(), text.size()}, boost::urls::unreserved_chars);
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
