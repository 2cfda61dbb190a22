#include "tests/scenario/master/core_player.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>

#include "common/duration.h"
#include "common/limits.h"
#include "common/size.h"
#include "master/core/step.h"

namespace drover::test {
namespace {

// An id that is the same in every run and sorts by its number.
Uuid numbered_uuid(std::uint8_t kind, const std::string& name) {
  Uuid uuid;
  uuid.bytes[0] = kind;
  const int number = std::stoi(name.substr(1));
  uuid.bytes[14] = static_cast<std::uint8_t>(number >> 8);
  uuid.bytes[15] = static_cast<std::uint8_t>(number);
  return uuid;
}

std::uint64_t number(const std::string& text) { return std::stoull(text); }

core::TaskEnd parse_end(const std::string& kind, const std::string& code) {
  if (kind == "running") return {};
  if (kind == "exit") return {core::EndKind::exited, std::stoi(code), {}};
  if (kind == "signal") return {core::EndKind::signaled, std::stoi(code), {}};
  if (kind == "spawn") return {core::EndKind::spawn_failed, std::stoi(code), "exec"};
  if (kind == "lost") return {core::EndKind::lost, 0, "the agent said so"};
  if (kind == "never") return {core::EndKind::never_started, 0, {}};
  if (kind == "not-taken") return {core::EndKind::never_started, 0, code};
  throw std::runtime_error("no such end: " + kind);
}

EndReason reason(const std::string& word) {
  for (const EndReason each : {EndReason::stop, EndReason::timeout, EndReason::unhealthy,
                               EndReason::out_of_memory, EndReason::group}) {
    if (word == to_string(each)) return each;
  }
  throw std::runtime_error("no such reason: " + word);
}

// "zone:a:50" as what a label shall be, and how much that weighs.
core::Affinity parse_affinity(const std::string& text) {
  const auto parts = split(text, ':');
  return {{"label." + parts.at(0), core::Operator::equal, {parts.at(1)}},
          parts.size() > 2 ? std::stoi(parts[2]) : 0};
}

void set_placement(const Words& words, core::GroupSpec& group) {
  for (const std::string& each : split(words.option("where"), ',')) {
    group.constraints.push_back(parse_affinity(each).to);
  }
  for (const std::string& each : split(words.option("prefer"), ',')) {
    group.affinity.push_back(parse_affinity(each));
  }
  const std::string spread = words.option("spread");
  if (!spread.empty()) group.spread = "label." + spread;
  const std::string pack = words.option("pack");
  if (!pack.empty()) group.pack = "label." + pack;
}

std::optional<TaskResources> parse_resources(const Words& words) {
  TaskResources resources;
  const std::string cpu = words.option("cpu");
  if (!cpu.empty()) resources.cpu_thousandths = std::llround(std::stod(cpu) * 1000);
  const std::string memory = words.option("memory");
  if (!memory.empty()) {
    resources.memory_bytes = static_cast<std::int64_t>(parse_size(memory).value());
  }
  if (resources == TaskResources{}) return std::nullopt;
  return resources;
}

// Each group of a scenario's template has the same.
void set_policies(const Words& words, core::GroupSpec& group) {
  const std::string policy = words.option("reschedule");
  if (policy == "on_failure") group.reschedule = RestartPolicy::on_failure;
  if (policy == "always") group.reschedule = RestartPolicy::always;
  if (policy == "never") group.reschedule = RestartPolicy::never;
  if (words.has("exclusive")) group.exclusive = true;
  if (words.has("keep_original")) group.on_return = core::OnReturn::keep_original;
  const std::string count = words.option("count");
  if (!count.empty()) group.count = static_cast<std::uint32_t>(number(count));
  set_placement(words, group);
  if (const auto values = split(words.option("update"), ':'); !values.empty()) {
    core::UpdatePolicy& rollout = group.update.emplace();
    rollout.max_parallel = static_cast<std::uint32_t>(number(values.at(0)));
    if (values.size() > 1) rollout.healthy_deadline = parse_duration(values[1]).value();
  }
  const std::string lost_after = words.option("lost_after");
  if (!lost_after.empty()) group.lost_after = parse_duration(lost_after).value();
}

std::string describe_reserved(const core::NodeEntry& node) {
  std::string text;
  const core::Resources& taken = node.reserved.sum;
  if (!taken.is_nothing()) {
    text = " reserved=" + std::to_string(taken.cpu_thousandths) + "/1000 cores, " +
           std::to_string(taken.memory_bytes >> 20) + " MiB";
  }
  if (!node.leaving.empty()) text += " leaving=" + std::to_string(node.leaving.size());
  return text;
}

std::string describe_reply(core::ReplyCode code) {
  switch (code) {
    case core::ReplyCode::ok:
      return "reply ok\n";
    case core::ReplyCode::unknown_template:
      return "reply unknown_template\n";
    case core::ReplyCode::unknown_instance:
      return "reply unknown_instance\n";
    case core::ReplyCode::template_conflict:
      return "reply template_conflict\n";
    case core::ReplyCode::template_in_use:
      return "reply template_in_use\n";
    case core::ReplyCode::unknown_task:
      return "reply unknown_task\n";
    case core::ReplyCode::node_online:
      return "reply node_online\n";
    case core::ReplyCode::node_in_use:
      return "reply node_in_use\n";
    case core::ReplyCode::nothing_running:
      return "reply nothing_running\n";
    case core::ReplyCode::not_over:
      return "reply not_over\n";
    case core::ReplyCode::key_reused:
      return "reply key_reused\n";
    case core::ReplyCode::store_unreadable:
      return "reply store_unreadable\n";
    case core::ReplyCode::wrong_parameter:
      return "reply wrong_parameter\n";
    case core::ReplyCode::unknown_version:
      return "reply unknown_version\n";
    case core::ReplyCode::unknown_group:
      return "reply unknown_group\n";
    case core::ReplyCode::unknown_node:
      return "reply unknown_node\n";
    case core::ReplyCode::not_a_service:
      return "reply not_a_service\n";
    case core::ReplyCode::system_has_no_count:
      return "reply system_has_no_count\n";
    case core::ReplyCode::other_kind:
      return "reply other_kind\n";
    case core::ReplyCode::stopping:
      return "reply stopping\n";
    default:
      throw std::runtime_error("no reply of the core's");
  }
}

}  // namespace

std::string CorePlayer::play(const std::string& line) {
  const Words words(line);
  const std::string& verb = words.word(0);
  const SessionId session{number(words.option("session", "0"))};
  if (verb == "template") return step(create_template(words), true);
  if (verb == "deploy") {
    core::Deploy command{words.word(1), instance(words.option("as"))};
    for (const std::string& pair : split(words.option("with"), ',')) {
      command.parameters[pair.substr(0, pair.find(':'))] = pair.substr(pair.find(':') + 1);
    }
    return step(command, true);
  }
  if (verb == "try") return step(core::DryRun{words.word(1)}, true);
  if (verb == "put") {
    core::CreateTemplate made = std::get<core::CreateTemplate>(create_template(words));
    return step(core::PutTemplate{std::move(made.spec), std::move(made.document)}, true);
  }
  if (verb == "again" || verb == "signal") {
    core::TaskSelection tasks{words.option("group"), {}, words.option("task")};
    const std::string index = words.option("index");
    if (!index.empty()) tasks.index = static_cast<std::uint32_t>(number(index));
    const InstanceId id = instance(words.word(1));
    if (verb == "again") return step(core::RestartTasks{id, std::move(tasks)}, true);
    return step(core::SignalTasks{id, std::move(tasks), words.word(2)}, true);
  }
  if (verb == "remove") {
    return step(core::RemoveTemplate{words.word(1), words.option("force") == "yes"}, true);
  }
  if (verb == "update") {
    core::Update command{instance(words.word(1)), {}};
    const std::string version = words.option("version");
    if (!version.empty()) command.version = static_cast<std::uint32_t>(number(version));
    return step(command, true);
  }
  if (verb == "scale") {
    return step(core::Scale{instance(words.word(1)), words.option("group", "0"),
                            static_cast<std::uint32_t>(number(words.option("count")))},
                true);
  }
  if (verb == "drain") {
    return step(core::DrainNode{node(words.word(1)),
                                parse_duration(words.option("deadline", "1h")).value()},
                true);
  }
  if (verb == "forget") return step(core::RemoveNode{node(words.word(1))}, true);
  if (verb == "undrain") return step(core::ResumeNode{node(words.word(1))}, true);
  if (verb == "due") {
    const core::UnixMs due = kWallClock + parse_duration(words.option("at")).value().count();
    return step(core::RunSchedule{words.word(1), instance(words.option("as")), due}, false);
  }
  if (verb == "stop") return step(core::Stop{instance(words.word(1))}, true);
  if (verb == "open") return step(open_session(words), false);
  if (verb == "close") {
    return step(core::CloseSession{session, node(words.word(1)), words.has("goodbye")}, false);
  }
  if (verb == "heartbeat") {
    const core::Usage usage{static_cast<std::uint8_t>(number(words.option("cpu", "0"))),
                            static_cast<std::uint8_t>(number(words.option("memory", "0")))};
    return step(core::Heartbeat{session, node(words.word(1)), usage,
                                number(words.option("sequence", "0")), words.option("refuses")},
                false);
  }
  if (verb == "report") {
    core::ReportAttempts command{session, node(words.word(1)), attempts(words.option("attempts"))};
    for (const std::string& name : split(words.option("removed"), ',')) {
      command.removed.push_back(allocation(name));
    }
    return step(command, false);
  }
  if (verb == "advance") return advance(parse_duration(words.word(1)).value());
  if (verb == "freeze") {
    clock_ += parse_duration(words.word(1)).value();
    return step(core::Tick{}, false);
  }
  if (verb == "resume") return step(core::ResumeReplacements{}, false);
  if (verb == "restart") return restart();
  if (verb == "show") return show();
  throw std::runtime_error("no such command: " + line);
}

// As a master does: it looks at the clock all the time.
std::string CorePlayer::advance(std::chrono::milliseconds duration) {
  const std::chrono::milliseconds longest = limits::kTickPeriod;
  std::string text;
  do {
    const auto part = std::min(duration, longest);
    clock_ += part;
    duration -= part;
    text += step(core::Tick{}, false);
  } while (duration.count() > 0);
  return text;
}

core::Moment CorePlayer::now() const {
  // The same chance in every run.
  return {clock_, kWallClock + clock_.count(), Index{index_ + 1}, 0};
}

std::string CorePlayer::step(const core::Command& command, bool show_reply) {
  const core::Outcome outcome = core::step(state_, command, now());
  if (!outcome.changes.empty()) ++index_;
  make_durable(outcome.changes);
  std::string text = show_reply ? describe_reply(outcome.reply.code) : "";
  if (outcome.reply.plan) text += describe(*outcome.reply.plan);
  text += describe(outcome.changes);
  for (const auto& message : outcome.messages) text += describe(message);
  const bool suspects = outcome.cluster && outcome.cluster->suspects;
  if (outcome.cluster && suspects != std::exchange(suspects_, suspects)) {
    text += suspects ? "cluster: suspects itself\n" : "cluster: trusts itself again\n";
  }
  return text;
}

void CorePlayer::make_durable(const core::Changes& changes) {
  for (const auto& each : changes.templates) durable_.templates[each->spec.name] = each;
  for (const auto& each : changes.instances) durable_.instances[each->id] = each;
  for (const auto& each : changes.allocations) {
    durable_.allocations[{each->id.instance, each->id.slot, 1}] = each;
  }
  for (const auto& each : changes.nodes) durable_.nodes[each->id] = each;
  for (const NodeId& id : changes.dropped_nodes) durable_.nodes.erase(id);
  for (const auto& each : changes.former_templates) {
    durable_.templates[each->spec.name + "@" + std::to_string(each->version)] = each;
  }
  for (const AllocationId& id : changes.dropped) {
    durable_.allocations.erase({id.instance, id.slot, 1});
  }
  for (const auto& each : changes.finished) {
    const InstanceId& id = each.instance->id;
    durable_.instances.erase(id);
    for (const auto& allocation : each.allocations) {
      durable_.allocations.erase({id, allocation->id.slot, 1});
    }
    if (!durable_.history.emplace(id, each).second) {
      throw std::runtime_error("instance " + name_of(id) + " has ended twice");
    }
  }
}

std::string CorePlayer::restart() {
  core::Recovered recovered;
  for (const auto& [key, each] : durable_.templates) recovered.templates.push_back(each);
  for (const auto& [key, each] : durable_.instances) recovered.instances.push_back(each);
  for (const auto& [key, each] : durable_.allocations) recovered.allocations.push_back(each);
  for (const auto& [key, each] : durable_.nodes) recovered.nodes.push_back(each);
  state_ = core::rebuild(std::move(recovered), {}, clock_);
  return "";
}

std::string CorePlayer::show() const {
  std::string text;
  for (const auto& [id, each] : durable_.instances) {
    text += "instance " + name_of(id) + " " + core::to_string(each->state) + "\n";
  }
  for (const auto& [id, each] : durable_.history) {
    text += "history " + name_of(id) + " " + core::to_string(each.instance->state) + "\n";
    for (const auto& allocation : each.allocations) text += "  " + describe(*allocation) + "\n";
  }
  for (const auto& [id, name] : node_names_) {
    const auto found = state_.nodes.find(id);
    if (found == state_.nodes.end()) continue;
    text += "node " + name + (found->second.node->online ? " online" : " offline") +
            " allocations=" + std::to_string(found->second.allocations.size()) +
            describe_reserved(found->second) + "\n";
  }
  for (const AllocationId& id : state_.waiting.all()) text += "waits " + name_of(id) + "\n";
  for (const auto& [due, id] : state_.delayed) {
    text += "waits " + name_of(id) + " for " + std::to_string((due - clock_).count()) + " ms\n";
  }
  if (state_.guard.suspects()) text += "suspects itself\n";
  return text;
}

core::Command CorePlayer::create_template(const Words& words) {
  core::CreateTemplate command;
  command.spec.name = words.word(1);
  if (words.option("kind") == "service") command.spec.kind = core::Kind::service;
  if (words.option("kind") == "system") command.spec.kind = core::Kind::system;
  const std::string priority = words.option("priority");
  if (!priority.empty()) command.spec.priority = static_cast<std::uint32_t>(number(priority));
  if (words.has("gang")) command.spec.gang = true;
  const std::string schedule = words.option("schedule");
  if (!schedule.empty()) {
    command.spec.schedule = core::ScheduleSpec{words.option("cron", "@daily")};
    if (schedule == "allow") command.spec.schedule->overlap = core::Overlap::allow;
  }
  for (const std::string& name : split(words.option("parameters"), ',')) {
    if (!command.spec.parameters) command.spec.parameters.emplace();
    (*command.spec.parameters)[name];
  }
  for (const std::string& tasks : split(words.word(2), ',')) {
    core::GroupSpec& group = command.spec.groups.emplace_back();
    set_policies(words, group);
    for (std::uint64_t task = 0; task < number(tasks); ++task) {
      group.tasks.push_back({"task" + std::to_string(task), "/bin/true", {}, {}, {}, {}});
      group.tasks.back().resources = parse_resources(words);
      if (words.has("checked")) group.tasks.back().health.emplace().tcp = "127.0.0.1:1";
      if (words.has("ordered") && task > 0) {
        group.tasks.back().after = {{"task0", Awaited::succeeded}};
      }
      for (const std::string& code : split(words.option("success"), ',')) {
        if (!group.tasks.back().success_exit_codes) group.tasks.back().success_exit_codes.emplace();
        group.tasks.back().success_exit_codes->push_back(std::stoi(code));
      }
    }
  }
  return command;
}

core::Command CorePlayer::open_session(const Words& words) {
  core::OpenSession command;
  command.session = SessionId{number(words.option("session"))};
  command.node = node(words.word(1));
  command.secret_digest = words.option("secret", "secret-of-" + words.word(1));
  command.boot_id = words.option("boot", "boot1");
  command.journal_id = words.option("journal");
  command.dialled = static_cast<std::int64_t>(number(words.option("dialled", "0")));
  command.ip = "192.0.2.1";
  command.cpu_count = static_cast<std::uint32_t>(number(words.option("cpus", "4")));
  command.memory_bytes = parse_size(words.option("memory", "8GiB")).value();
  for (const std::string& pair : split(words.option("labels"), ',')) {
    command.labels[pair.substr(0, pair.find(':'))] = pair.substr(pair.find(':') + 1);
  }
  for (const std::string& name : split(words.option("holds"), ',')) {
    command.allocations.push_back(allocation(name));
  }
  command.attempts = attempts(words.option("attempts"));
  command.heartbeat = number(words.option("heartbeat", "0"));
  command.refuses_work = words.option("refuses");
  return command;
}

InstanceId CorePlayer::instance(const std::string& name) {
  const InstanceId id{numbered_uuid(1, name)};
  instance_names_[id] = name;
  return id;
}

NodeId CorePlayer::node(const std::string& name) {
  const NodeId id{numbered_uuid(2, name)};
  node_names_[id] = name;
  return id;
}

// "i1.0", or "i1.0#2" for the second generation.
AllocationId CorePlayer::allocation(const std::string& name) {
  const auto generation = split(name, '#');
  const auto parts = split(generation.at(0), '.');
  return {instance(parts.at(0)), static_cast<std::uint32_t>(number(parts.at(1))),
          generation.size() > 1 ? static_cast<std::uint32_t>(number(generation[1])) : 1};
}

std::vector<core::AttemptReport> CorePlayer::attempts(const std::string& text) {
  std::vector<core::AttemptReport> reports;
  for (std::string item : split(text, ',')) {
    core::AttemptReport report;
    if (item.back() == '+') {
      report.next_start = now().unix_ms + 1000;
      item.pop_back();
    }
    const bool fenced = item.back() == '~';
    if (item.back() == '!' || fenced) {
      report.stopped = true;
      item.pop_back();
    }
    const auto parts = split(item, ':');
    const std::size_t last_dot = parts.at(0).rfind('.');
    report.id.allocation = allocation(parts[0].substr(0, last_dot));
    const auto task = split(parts[0].substr(last_dot + 1), '@');
    report.id.task = static_cast<std::uint32_t>(number(task.at(0)));
    if (task.size() > 1) report.id.attempt = static_cast<std::uint32_t>(number(task[1]));
    report.end = parse_end(parts.at(1), parts.size() > 2 ? parts[2] : "");
    report.end.fenced = fenced;
    if (parts.at(1) == "running" && parts.size() > 2) {
      const bool is_well = parts[2] == "healthy";
      report.health = {is_well ? Health::healthy : Health::unhealthy, 0, is_well ? "" : parts[2]};
    }
    if (parts.size() > 3) report.end.reason = reason(parts[3]);
    reports.push_back(report);
  }
  return reports;
}

}  // namespace drover::test
