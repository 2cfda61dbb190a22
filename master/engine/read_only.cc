#include "master/engine/read_only.h"

#include <utility>
#include <variant>

namespace drover::engine {

ReadOnly::ReadOnly(const core::State& state, View& view, AgentOutbox& outbox, std::string reason)
    : view_(view), outbox_(outbox), reason_(std::move(reason)) {
  for (const auto& [id, entry] : state.nodes) {
    if (entry.session) sessions_.emplace(id, *entry.session);
  }
}

void ReadOnly::serve(std::vector<Submission>& submissions) {
  for (const Submission& submission : submissions) {
    const core::Reply reply =
        std::visit([this](const auto& command) { return answer(command); }, submission.command);
    if (submission.done) submission.done(reply);
  }
  submissions.clear();
  refusal_ = core::ReplyCode::read_only;
  if (!messages_.empty()) outbox_.send(std::exchange(messages_, {}));
}

// What is recorded already needs no writing.
core::Reply ReadOnly::answer(const core::CreateTemplate& command) {
  const auto existing = view_.find_template(command.spec.name);
  if (!existing) return refusal();
  const bool same = existing->spec == command.spec;
  return {same ? core::ReplyCode::ok : core::ReplyCode::template_conflict};
}

core::Reply ReadOnly::answer(const core::Stop& command) {
  const auto instance = view_.find_instance(command.id);
  if (!instance) return {core::ReplyCode::unknown_instance};
  Told told;
  core::for_each_slot(*instance, [&](std::uint32_t slot) {
    const auto copy = view_.find_allocation(command.id, slot);
    if (!copy) return;
    if (copy->original) tell_to_stop(*copy->original, told);
    tell_to_stop(*copy, told);
  });
  if (instance->stop_requested) return {core::ReplyCode::ok};
  return {core::ReplyCode::stop_not_recorded,
          std::to_string(told.reached) + " of " + std::to_string(told.copies) +
              " copies that have not ended are on nodes that were told to stop them; " + reason_};
}

void ReadOnly::tell_to_stop(const core::Allocation& copy, Told& told) {
  if (core::is_terminal(copy)) return;
  ++told.copies;
  if (!copy.node) return;
  const auto session = sessions_.find(*copy.node);
  if (session == sessions_.end()) return;
  messages_.push_back({session->second, core::StopAllocation{copy.id}});
  ++told.reached;
}

core::Reply ReadOnly::answer(const core::OpenSession& command) {
  const auto node = view_.find_node(command.node);
  if (!node || node->secret_digest != command.secret_digest) {
    messages_.push_back(
        {command.session,
         core::CloseStream{node ? "the secret is not that of node " + command.node.text()
                                : "the master's store has failed: it takes no new "
                                  "nodes until it is started again"}});
    return refusal();
  }
  const auto former = sessions_.find(command.node);
  if (former != sessions_.end() && former->second != command.session) {
    messages_.push_back({former->second, core::CloseStream{"a new session of the node has begun"}});
  }
  sessions_[command.node] = command.session;
  view_.publish({core::NodeUsage{command.node, command.usage, command.refuses_work}});
  messages_.push_back({command.session, core::Welcome{}, command.heartbeat});
  return refusal();
}

core::Reply ReadOnly::answer(const core::CloseSession& command) {
  const auto current = sessions_.find(command.node);
  if (current != sessions_.end() && current->second == command.session) sessions_.erase(current);
  return refusal();
}

core::Reply ReadOnly::answer(const core::Heartbeat& command) {
  const auto current = sessions_.find(command.node);
  if (current == sessions_.end() || current->second != command.session) {
    // Its stream may have been given up within the failed batch: that it dials anew helps it.
    messages_.push_back(
        {command.session, core::CloseStream{"this is not the node's session any more"}});
    return refusal();
  }
  view_.publish({core::NodeUsage{command.node, command.usage, command.refuses_work}});
  messages_.push_back({command.session, core::Heard{}, command.sequence});
  return refusal();
}

}  // namespace drover::engine
