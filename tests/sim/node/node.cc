#include "tests/sim/node/node.h"

#include <array>
#include <utility>

#include "tests/sim/oracle/oracle.h"

namespace drover::sim {
namespace {

constexpr Time kRestartPause = 1'000;  // of the service manager

NodeId node_id(std::uint32_t number) {
  std::array<std::uint8_t, 10> random{};
  random.back() = static_cast<std::uint8_t>(number);
  random[8] = static_cast<std::uint8_t>(number >> 8);
  return NodeId{make_uuid_v7(1'600'000'000'000, random)};
}

}  // namespace

Node::Node(Context& context, std::uint32_t number, Listener& master)
    : context_(context), machine_(number, context.seed), master_(master) {
  machine_.disk.node = node_id(number);
  machine_.disk.secret = "secret of " + machine_.name();
}

Node::~Node() = default;

// --- The agent ----------------------------------------------------------------------------------

void Node::start_agent() {
  if (agent_ || !machine_.up) return;
  ++incarnation_;
  context_.trace.note(machine_.name(), "agent started");
  agent_ = std::make_unique<AgentProgram>(context_, machine_, *this);
  context_.oracle.trouble(machine_.number, Trouble::no_agent, false);
  agent_->start();
}

void Node::end_agent(bool silently) {
  ++incarnation_;
  agent_->drop_connections(silently);
  agent_.reset();
  context_.oracle.trouble(machine_.number, Trouble::no_agent, true);
  if (std::exchange(agent_frozen_, false)) {
    context_.oracle.trouble(machine_.number, Trouble::frozen, false);
  }
}

void Node::kill_agent() {
  if (!agent_) return;
  context_.trace.note(machine_.name(), "agent killed");
  end_agent(false);
}

void Node::stop_agent() {
  if (!agent_ || agent_frozen_) return;
  context_.trace.note(machine_.name(), "agent stops");
  agent_->say_goodbye();
  end_agent(false);
}

void Node::freeze_agent() {
  if (!agent_ || agent_frozen_) return;
  context_.trace.note(machine_.name(), "agent frozen");
  agent_frozen_ = true;
  context_.oracle.trouble(machine_.number, Trouble::frozen, true);
}

void Node::thaw_agent() {
  if (!agent_frozen_) return;
  context_.trace.note(machine_.name(), "agent goes on");
  agent_frozen_ = false;
  context_.oracle.trouble(machine_.number, Trouble::frozen, false);
  agent_->thawed();
  context_.network.resume(machine_.to_master);
  context_.network.resume(machine_.local);
}

// Not at once: the program is still on the stack.
void Node::agent_failed(const std::string& why) {
  context_.oracle.agent_failed(machine_.number);
  context_.trace.note(machine_.name(), "agent ends itself: " + why);
  context_.events.after(0, [this, incarnation = incarnation_] {
    if (incarnation != incarnation_) return;
    end_agent(false);
    restart_later();
  });
}

void Node::restart_later() {
  context_.events.after(kRestartPause, [this, incarnation = incarnation_] {
    if (incarnation == incarnation_) start_agent();
  });
}

void Node::on_message(ConnectionId connection, const std::string& bytes) {
  agent_->on_message(connection, bytes);
}

void Node::on_closed(ConnectionId connection, const std::string& reason) {
  if (agent_) agent_->on_closed(connection, reason);
}

void Node::on_writable(ConnectionId connection) {
  if (agent_) agent_->on_writable(connection);
}

ConnectionId Node::dial_master() {
  return context_.network.dial(machine_.to_master, *this, other_master_ ? *other_master_ : master_);
}

// --- The supervisor -----------------------------------------------------------------------------

std::optional<ConnectionId> Node::connect_supervisor() {
  if (!supervisor_) {
    supervisor_ = std::make_unique<Supervisor>(context_, machine_, ++supervisors_);
    context_.oracle.trouble(machine_.number, Trouble::no_supervisor, false);
  }
  return context_.network.dial(machine_.local, *this, socket_);
}

bool Node::supervisor_exists(const std::string& incarnation) const {
  return supervisor_ && supervisor_->id() == incarnation;
}

void Node::kill_supervisor() {
  if (!supervisor_) return;
  context_.trace.note(machine_.name(), "supervisor killed");
  if (supervisor_->is_frozen()) {
    context_.oracle.trouble(machine_.number, Trouble::supervisor_frozen, false);
  }
  supervisor_.reset();
  context_.oracle.trouble(machine_.number, Trouble::no_supervisor, true);
}

void Node::freeze_supervisor() {
  if (!supervisor_ || supervisor_->is_frozen()) return;
  context_.trace.note(machine_.name(), "supervisor frozen");
  supervisor_->freeze();
  context_.oracle.trouble(machine_.number, Trouble::supervisor_frozen, true);
}

void Node::thaw_supervisor() {
  if (!supervisor_ || !supervisor_->is_frozen()) return;
  context_.trace.note(machine_.name(), "supervisor goes on");
  context_.oracle.trouble(machine_.number, Trouble::supervisor_frozen, false);
  supervisor_->thaw();
}

// --- The machine --------------------------------------------------------------------------------

void Node::power_off(bool silently) {
  if (!machine_.up) return;
  context_.trace.note(machine_.name(), silently ? "loses its power" : "is shut down");
  if (agent_) end_agent(silently);
  kill_supervisor();
  machine_.up = false;
  machine_.to_master.down = silently;
  if (silently) machine_.disk.lose_power(machine_.random);
}

void Node::boot() {
  if (machine_.up) return;
  ++machine_.boots;
  machine_.up = true;
  machine_.to_master.down = false;
  context_.trace.note(machine_.name(), "boots");
  context_.network.resume(machine_.to_master);
  start_agent();
}

void Node::cut(bool there, bool back) {
  context_.trace.note(machine_.name(), std::string("is cut off") + (there && back ? ""
                                                                    : there       ? ", one way"
                                                                                  : ", back"));
  machine_.to_master.cut_there = there;
  machine_.to_master.cut_back = back;
  context_.oracle.trouble(machine_.number, Trouble::cut, true);
}

void Node::heal() {
  if (!machine_.to_master.cut_there && !machine_.to_master.cut_back) return;
  context_.trace.note(machine_.name(), "can be reached again");
  machine_.to_master.cut_there = machine_.to_master.cut_back = false;
  context_.oracle.trouble(machine_.number, Trouble::cut, false);
  context_.network.resume(machine_.to_master);
}

}  // namespace drover::sim
