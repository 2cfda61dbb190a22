#include "tests/sim/faults/stranger.h"

#include <utility>

#include "drover/agent.pb.h"
#include "tests/sim/node/task.h"
#include "tests/sim/oracle/oracle.h"

namespace drover::sim {

void Stranger::dial(std::string first_message) {
  connection_ = world_.context().network.dial(path_, *this, world_.master());
  open_ = true;
  world_.context().network.send(connection_, Side::dialler, std::move(first_message));
}

void Stranger::leave() {
  if (!open_) return;
  world_.context().network.close(connection_, Side::dialler, "leaves");
  open_ = false;
}

void Stranger::on_message(ConnectionId, const std::string&) {
  if (may_be_welcomed) return;
  world_.oracle().broken(18, "the master speaks to a stranger", {"master"});
}

void SupersededMaster::on_message(ConnectionId connection, const std::string& bytes) {
  v1::AgentMessage said;
  if (!said.ParseFromString(bytes) || !said.has_hello()) return;
  v1::MasterMessage message;
  message.set_epoch(epoch_);
  message.set_session(++sessions_);
  message.set_sequence(1);
  message.mutable_welcome()->set_heartbeat_interval_ms(1'000);
  message.mutable_welcome()->set_lease_ms(10'000);
  for (const v1::AllocationRef& held : said.hello().allocations()) {
    *message.add_commands()->mutable_remove() = held;
  }
  v1::StartAllocation& start = *message.add_commands()->mutable_start();
  start.mutable_allocation()->set_instance_id(std::string(15, 'x') +
                                              static_cast<char>('a' + sessions_ % 26));
  start.mutable_allocation()->set_generation(1);
  v1::TaskSpec& task = *start.add_tasks();
  task.set_command(kTaskProgram);
  task.set_has_args(true);
  for (const std::string& argument : arguments_of({})) task.add_args(argument);
  world_.context().network.send(connection, Side::listener, message.SerializeAsString());
}

}  // namespace drover::sim
