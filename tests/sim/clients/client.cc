#include "tests/sim/clients/client.h"

#include <iterator>
#include <memory>
#include <utility>

#include "tests/sim/clients/templates.h"
#include "tests/sim/oracle/oracle.h"

namespace drover::sim {
namespace {

constexpr std::size_t kTemplates = 10;
constexpr Time kRetry = 2'000;
constexpr std::size_t kLiveInstances = 60;

}  // namespace

Client::Client(Context& context, Master& master, bool with_schedule)
    : context_(context), master_(master), random_(context.seed, "client") {
  for (std::size_t number = 0; number < kTemplates; ++number) {
    specs_.push_back(random_template("t" + std::to_string(number), random_));
  }
  if (with_schedule) specs_.push_back(random_scheduled_template("scheduled", random_));
}

void Client::start() {
  for (std::size_t number = 0; number < specs_.size(); ++number) create(number);
  plan();
}

void Client::plan() {
  context_.events.after(random_.between(1, 2 * between_requests), [this] {
    if (!resting_) act();
    plan();
  });
}

void Client::act() {
  const double choice = random_.fraction();
  if (choice < 0.55) {
    deploy();
  } else if (choice < 0.85 && !known_.empty()) {
    stop(random_.pick(known_), random_.chance(0.5));
  } else if (choice < 0.90) {
    read();
  } else if (choice < 0.92) {
    scale();
  } else if (choice < 0.94) {
    change();
  } else if (choice < 0.96) {
    drain();
  } else if (choice < 0.97 && !drained_.empty()) {
    resume(*drained_.begin(), false);
  } else {
    create(random_.below(specs_.size()));
  }
}

void Client::request(std::function<void(MasterProgram&)> arrive) {
  context_.events.after(random_.between(0, 3), [this, arrive = std::move(arrive)] {
    if (MasterProgram* program = master_.program()) arrive(*program);
  });
}

void Client::create(std::size_t number) {
  const core::TemplateSpec& spec = specs_[number];
  request([this, &spec](MasterProgram& program) {
    const bool taken =
        program.submit(core::CreateTemplate{spec, "{}"}, [this, &spec](const core::Reply& reply) {
          if (reply.code == core::ReplyCode::template_conflict) put(spec);
          if (reply.code != core::ReplyCode::ok || !answer_arrives()) return;
          context_.oracle.created(spec.name, spec);
          created_.push_back(spec.name);
        });
    if (!taken) context_.trace.note("client", "turned away");
  });
  context_.events.after(kRetry, [this, number, &spec] {
    if (!context_.oracle.truth().templates.contains(spec.name)) create(number);
  });
}

void Client::put(const core::TemplateSpec& spec) {
  const auto done = std::make_shared<bool>(false);
  request([this, &spec, done](MasterProgram& program) {
    const bool taken = program.submit(core::PutTemplate{spec, "{}"},
                                      [this, &spec, done](const core::Reply& reply) {
                                        if (reply.code != core::ReplyCode::ok || !answer_arrives())
                                          return;
                                        context_.oracle.created(spec.name, spec);
                                        *done = true;
                                      });
    if (!taken) context_.trace.note("client", "turned away");
  });
  context_.events.after(kRetry, [this, &spec, done] {
    if (!*done) put(spec);
  });
}

void Client::deploy() {
  if (created_.empty() || known_.size() >= kLiveInstances) return;
  const std::string from = random_.pick(created_);
  const std::string key = random_.chance(0.5) ? "key" + std::to_string(++last_key_) : "";
  deploy(from, key);
  // A proxy on the way may send it twice.
  if (!key.empty() && random_.chance(0.2)) deploy(from, key);
}

void Client::deploy(const std::string& from, const std::string& key) {
  request([this, from, key](MasterProgram& program) {
    core::Deploy command{from, context_.instance_ids.next()};
    command.key = key;
    command.digest = from;
    const bool taken =
        program.submit(std::move(command), [this, from, key](const core::Reply& reply) {
          if (reply.code == core::ReplyCode::ok && answer_arrives()) {
            deployed(*reply.instance, from, key);
          }
        });
    if (!taken) context_.trace.note("client", "turned away");
  });
  if (key.empty()) return;
  context_.events.after(kRetry, [this, from, key] {
    if (!resting_ && !acknowledged_keys_.contains(key)) deploy(from, key);
  });
}

void Client::deployed(const InstanceId& id, const std::string& from, const std::string& key) {
  const std::string name = context_.trace.name(id);
  context_.trace.note("client", "deploy of " + from + " acknowledged: " + name, {name});
  if (!key.empty()) {
    context_.oracle.keyed(key, id);
    if (!acknowledged_keys_.insert(key).second) return;
  }
  context_.oracle.deployed(id, from);
  known_.push_back(id);
}

void Client::stop(const InstanceId& id, bool until_acknowledged) {
  request([this, id](MasterProgram& program) {
    const bool taken = program.submit(core::Stop{id}, [this, id](const core::Reply& reply) {
      if (!master_.program()) return;
      const std::string name = context_.trace.name(id);
      if (reply.code == core::ReplyCode::unknown_instance) {
        const auto finished = master_.program()->store().find_finished(id);
        const bool is_known = finished && finished->has_value();
        if (!is_known && context_.oracle.truth().instances.contains(id) &&
            !context_.oracle.truth().is_excused(id)) {
          context_.oracle.broken(1, "the master does not know " + name, {name, "master"});
        }
      }
      const bool is_done =
          reply.code == core::ReplyCode::ok || reply.code == core::ReplyCode::unknown_instance;
      if (!is_done || !answer_arrives()) return;
      context_.trace.note("client", "stop of " + name + " acknowledged", {name});
      context_.oracle.stopped(id);
      std::erase(known_, id);
    });
    if (!taken) context_.trace.note("client", "turned away");
  });
  if (!until_acknowledged) return;
  context_.events.after(kRetry, [this, id] {
    const auto& instances = context_.oracle.truth().instances;
    const auto found = instances.find(id);
    if (found != instances.end() && !found->second.stopped) stop(id, true);
  });
}

// A status query: whatever was acknowledged is found.
void Client::read() {
  if (known_.empty()) return;
  const InstanceId id = random_.pick(known_);
  request([this, id](MasterProgram& program) {
    if (program.view().find_instance(id) || program.is_syncing()) return;
    const auto finished = program.store().find_finished(id);
    if (finished && finished->has_value()) {
      std::erase(known_, id);
    } else if (context_.oracle.truth().instances.contains(id) &&
               !context_.oracle.truth().is_excused(id)) {
      const std::string name = context_.trace.name(id);
      context_.oracle.broken(1, "a query does not find " + name, {name, "master"});
    }
  });
}

void Client::scale() {
  if (known_.empty()) return;
  const core::Scale command{random_.pick(known_), "0",
                            static_cast<std::uint32_t>(random_.below(4))};
  request([this, command](MasterProgram& program) {
    const bool taken = program.submit(command, [this, command](const core::Reply& reply) {
      if (reply.code != core::ReplyCode::ok) return;
      const std::string name = context_.trace.name(command.id);
      context_.trace.note("client", "scales " + name + " to " + std::to_string(command.count),
                          {name});
    });
    if (!taken) context_.trace.note("client", "turned away");
  });
}

void Client::change() {
  if (known_.empty()) return;
  const InstanceId id = random_.pick(known_);
  const auto record = context_.oracle.truth().instances.find(id);
  if (record == context_.oracle.truth().instances.end()) return;
  for (core::TemplateSpec& spec : specs_) {
    if (spec.name != record->second.template_name || !spec.is_kept_running()) continue;
    if (random_.chance(0.7)) {
      spec.labels["change"] = std::to_string(random_.below(1'000'000));
      put(spec);
    }
    context_.events.after(random_.between(10, 3'000), [this, id] { update(id); });
  }
}

void Client::update(const InstanceId& id) {
  request([this, id](MasterProgram& program) {
    const bool taken = program.submit(core::Update{id, {}}, [this, id](const core::Reply& reply) {
      if (reply.code != core::ReplyCode::ok) return;
      const std::string name = context_.trace.name(id);
      context_.trace.note("client", "updates " + name, {name});
    });
    if (!taken) context_.trace.note("client", "turned away");
  });
}

void Client::drain() {
  const MasterProgram* program = master_.program();
  if (program == nullptr || program->state().nodes.empty()) return;
  std::set<NodeId> nodes;
  for (const auto& [id, entry] : program->state().nodes) nodes.insert(id);
  const NodeId node =
      *std::next(nodes.begin(), static_cast<std::ptrdiff_t>(random_.below(nodes.size())));
  const std::chrono::milliseconds deadline(random_.chance(0.5) ? random_.between(1'000, 60'000)
                                                               : 3'600'000);
  drained_.insert(node);
  request([this, node, deadline](MasterProgram& reached) {
    const bool taken = reached.submit(core::DrainNode{node, deadline}, [this](const core::Reply&) {
      context_.trace.note("client", "drains a node");
    });
    if (!taken) context_.trace.note("client", "turned away");
  });
}

void Client::resume(const NodeId& node, bool until_acknowledged) {
  request([this, node](MasterProgram& program) {
    const bool taken =
        program.submit(core::ResumeNode{node}, [this, node](const core::Reply& reply) {
          const bool is_done =
              reply.code == core::ReplyCode::ok || reply.code == core::ReplyCode::unknown_node;
          if (is_done && answer_arrives()) drained_.erase(node);
        });
    if (!taken) context_.trace.note("client", "turned away");
  });
  if (!until_acknowledged) return;
  context_.events.after(kRetry, [this, node] {
    if (drained_.contains(node)) resume(node, true);
  });
}

void Client::rest() {
  resting_ = true;
  const std::set<NodeId> drained = drained_;
  for (const NodeId& node : drained) resume(node, true);
  for (core::TemplateSpec& spec : specs_) {
    if (!spec.schedule) continue;
    spec.schedule.reset();
    put(spec);
  }
}

void Client::stop_all() {
  std::vector<InstanceId> ids;
  for (const auto& [id, record] : context_.oracle.truth().instances) {
    if (!record.stopped) ids.push_back(id);
  }
  for (const InstanceId& id : ids) stop(id, true);
}

}  // namespace drover::sim
