// The clients of the HTTP API, as far as the engine sees them: requests that may be turned away,
// and answers that may be lost on their way back. What was answered is told to the oracle.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/master/master.h"
#include "tests/sim/world/context.h"

namespace drover::sim {

class Client {
 public:
  // `with_schedule`: one of its templates is deployed by itself, too.
  Client(Context& context, Master& master, bool with_schedule);

  void start();
  // Deploys nothing new from now on, and nothing is deployed by itself.
  void rest();
  // Has everything stopped that it knows of, until each stop has been acknowledged.
  void stop_all();

  // The share of answers that get lost, and of requests that never arrive.
  double loses_answers = 0;
  Time between_requests = 1'500;  // on average

 private:
  struct Known {
    InstanceId id;
    bool stopping = false;
  };

  void plan();
  void act();
  void create(std::size_t number);
  // Puts the template as it is now, until that has been acknowledged.
  void put(const core::TemplateSpec& spec);
  void deploy();
  // With a key: again and again, until it has been acknowledged.
  void deploy(const std::string& from, const std::string& key);
  void deployed(const InstanceId& id, const std::string& from, const std::string& key);
  void stop(const InstanceId& id, bool until_acknowledged);
  void read();
  void scale();
  // Another version of a template, which differs by a label, and some instance that shall have it.
  void change();
  void update(const InstanceId& id);
  void drain();
  void resume(const NodeId& node, bool until_acknowledged);
  // Lets the request arrive at a running master; dropped where there is none.
  void request(std::function<void(MasterProgram&)> arrive);
  bool answer_arrives() { return !random_.chance(loses_answers); }

  Context& context_;
  Master& master_;
  Random random_;
  bool resting_ = false;
  std::vector<core::TemplateSpec> specs_;
  std::vector<std::string> created_;
  std::vector<InstanceId> known_;
  std::uint64_t last_key_ = 0;
  std::set<std::string> acknowledged_keys_;
  std::set<NodeId> drained_;  // that may be draining
};

}  // namespace drover::sim
