// What the agent's flags say.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace drover::agent {

struct Options {
  std::vector<std::string> masters{"127.0.0.1:8421"};  // tried in turn
  std::string state_dir = "/var/lib/drover-agent";
  std::string advertise_ip;  // empty: the local address of the connection to the master
  std::vector<std::pair<std::string, std::string>> labels;
  std::string supervisor_socket;  // empty: the one in the state directory
  bool start_supervisor = true;
};

// Declares the flags. `options` is filled in when `app` parses, and must live until then.
void add_flags(CLI::App& app, Options& options);

}  // namespace drover::agent
