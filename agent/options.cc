#include "agent/options.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "common/endpoint.h"
#include "common/limits.h"
#include "common/service.h"

namespace drover::agent {
namespace {

// An empty string is a pass, as the library wants it.
std::string check_master(const std::string& text) {
  const auto endpoint = parse_endpoint(text);
  if (!endpoint) return endpoint.error().message;
  if (endpoint->port == 0) return "'" + text + "' has no port that can be dialled";
  return {};
}

std::string check_ip(const std::string& text) {
  in6_addr address;
  if (::inet_pton(AF_INET, text.c_str(), &address) == 1) return {};
  if (::inet_pton(AF_INET6, text.c_str(), &address) == 1) return {};
  return "'" + text + "' is no IP address; write for example 192.0.2.7";
}

bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-/").find(c) != std::string_view::npos;
}

std::string check_label(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return "'" + text + "' is no label; write key=value, for example zone=north";
  }
  if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(equals),
                   is_label_character)) {
    return "the key of label '" + text + "' may have letters, digits, '.', '_', '-' and '/' only";
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return "label '" + text.substr(0, equals) + "' has a control character in its value";
  }
  if (equals > limits::kNameBytes || text.size() - equals - 1 > limits::kNameBytes) {
    return "label '" + text.substr(0, 32) + "...' is too long; key and value may have " +
           std::to_string(limits::kNameBytes) + " bytes each";
  }
  return {};
}

void take_labels(const std::vector<std::string>& texts, Options& options) {
  options.labels.clear();
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    std::string key = text.substr(0, equals);
    for (const auto& [other, value] : options.labels) {
      if (other == key) throw CLI::ValidationError("--label", "'" + key + "' is given twice");
    }
    options.labels.emplace_back(std::move(key), text.substr(equals + 1));
  }
  if (options.labels.size() > limits::kLabels) {
    throw CLI::ValidationError(
        "--label", "no more than " + std::to_string(limits::kLabels) + " labels are possible");
  }
}

}  // namespace

void add_flags(CLI::App& app, Options& options) {
  app.add_option("--master", options.masters, "HOST:PORT of the master; several are tried in turn")
      ->delimiter(',')
      ->check(check_master)
      ->capture_default_str();
  app.add_option("--state-dir", options.state_dir, "Directory for all that the agent keeps")
      ->capture_default_str();
  app.add_option("--advertise-ip", options.advertise_ip,
                 "IP address that the node is listed with (default: the one that its connection to "
                 "the master has)")
      ->check(check_ip);
  app.add_option_function<std::vector<std::string>>(
         "--label",
         [&options](const std::vector<std::string>& texts) { take_labels(texts, options); },
         "key=value that placement can ask for; may be given several times")
      ->delimiter(',')
      ->check(check_label);
  app.add_option("--supervisor-socket", options.supervisor_socket,
                 "Where the supervisor listens (default: supervisor.sock in the state directory)");
  app.add_flag_function(
      "--no-start-supervisor",
      [&options](std::int64_t count) { options.start_supervisor = count == 0; },
      "Wait for a supervisor that something else starts");
}

}  // namespace drover::agent
