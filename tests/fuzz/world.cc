#include "tests/fuzz/world.h"

#include <utility>
#include <variant>
#include <vector>

#include "common/check.h"
#include "master/core/state.h"
#include "master/core/step.h"
#include "master/engine/engine.h"
#include "master/engine/view.h"
#include "master/http/query_parameters.h"
#include "master/http/representation.h"
#include "master/http/template/templates.h"
#include "master/metrics/metrics.h"
#include "master/output/reader.h"
#include "tests/fuzz/holds.h"
#include "tests/support/empty_history.h"

namespace drover::fuzz {
namespace {

class NoStore final : public test::EmptyHistory {
 public:
  Result<store::Loaded> load() override { return store::Loaded{}; }
  Status begin_epoch(Epoch) override { return Done{}; }
  Status commit(const core::Changes&, Index) override { return Done{}; }
};

class NoReading final : public output::Reading {
 public:
  void grant(std::uint64_t) override {}
  void finish() override {}
};

class NoOutput final : public output::Reader {
 public:
  std::unique_ptr<output::Reading> read(const output::Request&,
                                        std::shared_ptr<output::Listener> listener) override {
    listener->on_end({output::EndCause::nothing});
    return std::make_unique<NoReading>();
  }
};

class NoAgents final : public engine::AgentOutbox {
 public:
  void send(std::vector<core::MessageToAgent>) override {}
};

constexpr std::string_view kWeb = R"({"name":"web","kind":"service","labels":{"team":"data"},
  "parameters":{"mode":{"default":"fast"}},
  "task_groups":[{"name":"web","tasks":[{"name":"server","config":{"command":"sleep 600"}}]}]})";
constexpr std::string_view kReport =
    R"({"name":"report","task_groups":[{"tasks":[{"name":"clean","config":{"command":"true"}}]}]})";

core::CreateTemplate creation(std::string_view document) {
  core::CreateTemplate command;
  const auto problem = http::read_template(document, command.spec);
  DROVER_CHECK(!problem, "the templates of this world are right");
  command.document = std::string(document);
  return command;
}

core::OpenSession hello() {
  core::OpenSession session;
  session.node = *NodeId::parse(http::kNodeExample);
  session.session = SessionId{1};
  session.ip = "127.0.0.1";
  session.boot_id = "boot";
  session.cpu_count = 4;
  session.memory_bytes = std::uint64_t{1} << 30;
  return session;
}

// The copy's only task runs.
core::ReportAttempts report(const InstanceId& instance) {
  core::AttemptReport attempt;
  attempt.id = {{instance, 0, 1}, 0, 1};
  attempt.started_at = 1;
  return {SessionId{1}, *NodeId::parse(http::kNodeExample), {attempt}};
}

// A stream is read until it has nothing to say for now.
std::string read_stream(http::Source& source) {
  constexpr int kMostPieces = 16;
  std::string out;
  source.begin([] {});
  for (int piece = 0; piece < kMostPieces; ++piece) {
    if (source.read(out) != http::Source::State::more) break;
  }
  return out;
}

}  // namespace

struct World::Parts {
  core::State state;
  engine::View view{state};
  NoStore store;
  NoOutput outputs;
  NoAgents agents;
  metrics::Metrics metrics{http::routes().size()};
  engine::Engine engine{core::State(), Index{0}, store, view, agents, {[](const std::string&) {}}};
  http::Services services{engine, view, store, outputs, metrics};
  std::uint64_t index = 0;

  core::Reply step(const core::Command& command) {
    constexpr core::UnixMs kNow = 1'764'000'000'000;
    ++index;
    const core::Moment moment{std::chrono::milliseconds(1000 * index), kNow, Index{index}, index};
    core::Outcome outcome = core::step(state, command, moment);
    view.publish(outcome.changes);
    view.publish(outcome.usages);
    if (outcome.cluster) view.publish(*outcome.cluster);
    return outcome.reply;
  }

  http::Response wait(http::Awaited& awaited) {
    awaited.begin([] {});
    auto response = awaited.look(http::Awaited::Look::last);
    DROVER_CHECK(response.has_value(), "the last look has an answer");
    return *std::move(response);
  }

  Answered finish(const http::Request& request, http::Response response) {
    check_response(response);
    http::represent(request.head, response);
    check_response(response);
    if (response.gzip) return {response.status, "", ""};
    return {response.status, std::string(response.content_type), std::string(response.text())};
  }
};

World::World() : parts_(std::make_unique<Parts>()) {
  parts_->step(hello());
  parts_->step(creation(kReport));
  parts_->step(creation(kWeb));
  const InstanceId instance = *InstanceId::parse(http::kInstanceExample);
  parts_->step(core::Deploy{"web", instance});
  parts_->step(report(instance));
}

World::~World() = default;

Answered World::ask(const http::Route& route, const http::Request& request) {
  http::Answer answer = route.handler(parts_->services, request);
  if (auto* stream = std::get_if<http::Stream>(&answer)) {
    return {200, std::string(stream->content_type), read_stream(*stream->source)};
  }
  if (auto* awaited = std::get_if<std::unique_ptr<http::Awaited>>(&answer)) {
    return parts_->finish(request, parts_->wait(**awaited));
  }
  if (auto* submission = std::get_if<http::Submission>(&answer)) {
    return parts_->finish(request, submission->answer(parts_->step(submission->command)));
  }
  return parts_->finish(request, std::get<http::Response>(std::move(answer)));
}

}  // namespace drover::fuzz
