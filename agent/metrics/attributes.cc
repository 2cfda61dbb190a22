#include "agent/metrics/attributes.h"

#include <sys/utsname.h>

#include <utility>

#include "agent/metrics/text.h"

namespace drover::agent::metrics {
namespace {

// The places of os-release(5), in the order in which they count.
std::string os_release() {
  const std::string text = read_text("/etc/os-release");
  return text.empty() ? read_text("/usr/lib/os-release") : text;
}

std::string without_quotes(std::string_view value) {
  const bool quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
                      value.back() == value.front();
  return std::string(quoted ? value.substr(1, value.size() - 2) : value);
}

}  // namespace

std::string os_release_value(std::string_view text, std::string_view key) {
  for (std::string_view line : split(text, '\n')) {
    if (!line.starts_with(key) || line.substr(key.size(), 1) != "=") continue;
    return without_quotes(line.substr(key.size() + 1));
  }
  return {};
}

std::map<std::string, std::string> node_attributes() {
  std::map<std::string, std::string> found;
  utsname names{};
  if (::uname(&names) == 0) {
    found["arch"] = names.machine;
    found["hostname"] = names.nodename;
    found["kernel"] = names.release;
  }
  const std::string release = os_release();
  for (const auto& [name, key] : {std::pair("os", "ID"), std::pair("os_version", "VERSION_ID")}) {
    std::string value = os_release_value(release, key);
    if (!value.empty()) found[name] = std::move(value);
  }
  return found;
}

}  // namespace drover::agent::metrics
