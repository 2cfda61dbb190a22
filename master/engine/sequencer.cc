#include "master/engine/sequencer.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>

#include "common/limits.h"
#include "common/planted_bug.h"
#include "master/core/step.h"
#include "master/store/store.h"

namespace drover::engine {
namespace {

template <class Element>
void append(std::vector<Element>& to, std::vector<Element>&& from) {
  if (to.empty()) {
    to = std::move(from);
  } else {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  }
}

void append(core::Changes& to, core::Changes&& from) {
  // What is dropped counts after what is put, and so must not be what has come back since.
  if (!to.dropped_nodes.empty()) {
    for (const auto& node : from.nodes) std::erase(to.dropped_nodes, node->id);
  }
  append(to.templates, std::move(from.templates));
  append(to.instances, std::move(from.instances));
  append(to.allocations, std::move(from.allocations));
  append(to.nodes, std::move(from.nodes));
  append(to.former_templates, std::move(from.former_templates));
  append(to.dropped, std::move(from.dropped));
  append(to.dropped_versions, std::move(from.dropped_versions));
  append(to.dropped_nodes, std::move(from.dropped_nodes));
  append(to.used_keys, std::move(from.used_keys));
  append(to.finished, std::move(from.finished));
  append(to.forgotten, std::move(from.forgotten));
  append(to.events, std::move(from.events));
}

}  // namespace

// Everything that the commands of one batch bring about.
struct Sequencer::Batch {
  core::Changes changes;
  std::vector<core::MessageToAgent> messages;
  std::vector<core::NodeUsage> usages;
  std::vector<core::MeasuredTask> measured;
  std::optional<core::ClusterStatus> cluster;
  std::vector<std::pair<OnDone*, core::Reply>> replies;  // of the submissions, which stay put
};

Sequencer::Sequencer(core::State state, Index last_index, store::Store& store, View& view,
                     AgentOutbox& outbox, Now now)
    : store_(store),
      view_(view),
      outbox_(outbox),
      now_(std::move(now)),
      state_(std::move(state)),
      schedules_(state_),
      keys_(store),
      last_index_(last_index) {}

Status Sequencer::run(std::vector<Submission>& submissions) {
  const std::size_t count = submissions.size();
  std::size_t done = 0;
  while (done < count) {
    const std::size_t size = std::min(limits::kBatchCommands, count - done);
    if (auto ran = run_batch({submissions.data() + done, size}); !ran) {
      submissions.erase(submissions.begin(),
                        submissions.begin() + static_cast<std::ptrdiff_t>(done));
      return ran;
    }
    done += size;
  }
  submissions.clear();
  return Done{};
}

Status Sequencer::run_batch(std::span<Submission> submissions) {
  Batch batch;
  for (Submission& submission : submissions) apply(submission, batch);
  if (planted(PlantedBug::answer_before_commit)) answer(batch);
  if (planted(PlantedBug::tell_before_commit)) tell(batch);
  auto committed = commit(batch);
  if (!committed && !planted(PlantedBug::ignore_failed_commit)) return committed;
  release(batch);
  return Done{};
}

void Sequencer::apply(Submission& submission, Batch& batch) {
  if (std::holds_alternative<core::Heartbeat>(submission.command)) view_.count_heartbeat();
  if (auto* const deploy = std::get_if<core::Deploy>(&submission.command)) {
    if (const auto known = keys_.look_up(*deploy); !known) {
      core::Reply reply{core::ReplyCode::store_unreadable, known.error().message};
      if (submission.done) batch.replies.emplace_back(&submission.done, std::move(reply));
      return;
    }
  }
  core::Moment now = now_();
  now.index = Index{last_index_.value + 1};
  core::Outcome outcome = core::step(state_, submission.command, now);
  keys_.note(outcome.changes.used_keys);
  append(batch.changes, std::move(outcome.changes));
  append(batch.messages, std::move(outcome.messages));
  append(batch.usages, std::move(outcome.usages));
  append(batch.measured, std::move(outcome.measured));
  if (outcome.cluster) batch.cluster = outcome.cluster;
  if (submission.done) batch.replies.emplace_back(&submission.done, std::move(outcome.reply));
}

Status Sequencer::commit(const Batch& batch) {
  if (batch.changes.empty()) return Done{};
  const Index index{last_index_.value + 1};
  if (auto written = store_.commit(batch.changes, index); !written) return written;
  last_index_ = index;
  keys_.committed();
  return Done{};
}

void Sequencer::release(Batch& batch) {
  view_.publish(batch.measured);
  view_.publish(batch.changes);
  schedules_.publish(batch.changes);
  view_.publish(batch.usages);
  if (batch.cluster) view_.publish(*batch.cluster);
  tell(batch);
  answer(batch);
}

void Sequencer::tell(Batch& batch) {
  if (!batch.messages.empty()) outbox_.send(std::exchange(batch.messages, {}));
}

void Sequencer::answer(Batch& batch) {
  for (auto& [done, reply] : std::exchange(batch.replies, {})) (*done)(reply);
}

}  // namespace drover::engine
