#include "tests/sim/master/master.h"

#include <utility>

#include "tests/sim/oracle/oracle.h"

namespace drover::sim {
namespace {

constexpr Time kRestartPause = 1'000;  // of the service manager
constexpr std::size_t kSaidKept = 30;

}  // namespace

Master::Master(Context& context, core::Settings settings)
    : context_(context),
      settings_(settings),
      random_(context.seed, "master"),
      clock_(random_),
      disk_(context.seed) {}

void Master::start() {
  if (program_) return;
  ++incarnation_;
  std::string why;
  program_ = MasterProgram::start(
      {context_, *this, *this, clock_, disk_, settings_, minimum_epoch, inbox_room, random_.next()},
      why);
  if (program_) {
    context_.trace.note("master", "started, epoch " + std::to_string(program_->epoch().value));
    return;
  }
  context_.trace.note("master", "cannot start: " + why);
  disk_.crash();
  context_.events.after(kRestartPause, [this, incarnation = incarnation_] {
    if (incarnation == incarnation_) start();
  });
}

void Master::kill() {
  if (!program_) return;
  context_.trace.note("master", "killed");
  end_program();
}

void Master::end_program() {
  ++incarnation_;
  program_->drop_connections(false);
  program_.reset();
  if (std::exchange(frozen_, false)) context_.oracle.master_troubled(Trouble::frozen, false);
  disk_.crash();
  context_.oracle.master_troubled(Trouble::disk, false);
  context_.oracle.master_ended();
}

// An operator sees to it, some time.
void Master::store_failed(const std::string& why) {
  context_.trace.note("master", "is read-only: " + why);
  context_.oracle.master_troubled(Trouble::disk, true);
  context_.events.after(random_.between(1'000, 20'000), [this, incarnation = incarnation_] {
    if (incarnation != incarnation_) return;
    kill();
    start();
  });
}

void Master::said(const NodeId& node, const std::string& bytes) {
  std::deque<std::string>& kept = said_[node];
  kept.push_back(bytes);
  if (kept.size() > kSaidKept) kept.pop_front();
}

void Master::freeze() {
  if (!program_ || frozen_) return;
  context_.trace.note("master", "frozen");
  frozen_ = true;
  context_.oracle.master_troubled(Trouble::frozen, true);
}

void Master::thaw() {
  if (!frozen_) return;
  context_.trace.note("master", "goes on");
  frozen_ = false;
  context_.oracle.master_troubled(Trouble::frozen, false);
  // Its threads race: the engine's may look at the time before another one has read what waits.
  const Time reading = random_.chance(0.5) ? 0 : 1;
  program_->thawed();
  context_.events.after(reading, [this] { context_.network.resume_all(); });
}

bool Master::reads(ConnectionId connection) const { return program_->reads(connection); }

void Master::on_message(ConnectionId connection, const std::string& bytes) {
  program_->on_message(connection, bytes);
}

void Master::on_closed(ConnectionId connection, const std::string&) {
  if (program_) program_->on_closed(connection);
}

void Master::on_writable(ConnectionId connection) {
  if (program_) program_->on_writable(connection);
}

Endpoint* Master::accept(ConnectionId connection) {
  if (!program_) return nullptr;
  program_->accept(connection);
  return this;
}

}  // namespace drover::sim
