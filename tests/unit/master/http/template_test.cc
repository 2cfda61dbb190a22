#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <string>
#include <vector>

#include "common/limits.h"
#include "master/http/api/bodies.h"
#include "master/http/template/templates.h"

namespace drover::http {
namespace {

namespace json = boost::json;

const char* const kWhole = R"({
  "name": "我的数据处理任务",
  "task_groups": [
    {"tasks": [
      {"name": "数据清洗器", "config": {"command": "/opt/apps/clean.sh"}},
      {"name": "数据分析器", "config": {
        "command": "/opt/apps/analyze.py", "args": ["-v", ""], "env": {"MODE": "fast", "_x": ""},
        "working_dir": "/tmp", "stop_grace": "30s"}}]},
    {"tasks": [{"name": "t", "config": {"command": "true", "args": []}}]}
  ]
})";

core::TemplateSpec read(std::string_view body) {
  core::TemplateSpec spec;
  const auto problem = read_template(body, spec);
  EXPECT_FALSE(problem) << problem.value_or(Problem{}).message;
  return spec;
}

// A body that must be refused, and as what.
struct Refusal {
  std::string word;
  std::string message;
};
Refusal refused(std::string_view body) {
  core::TemplateSpec spec;
  const auto problem = read_template(body, spec);
  if (!problem) {
    ADD_FAILURE() << "was taken: " << body.substr(0, 300);
    return {};
  }
  return {std::string(info(problem->code).word), problem->message};
}

void expect_refused(std::string_view body, const std::string& word, const std::string& message) {
  const Refusal refusal = refused(body);
  EXPECT_EQ(refusal.word, word) << body.substr(0, 300);
  EXPECT_NE(refusal.message.find(message), std::string::npos) << refusal.message;
}

// A template with one task whose config, or whole, is given.
std::string with_task(const std::string& task) {
  return R"({"name":"n","task_groups":[{"tasks":[)" + task + "]}]}";
}
std::string with_config(const std::string& config) {
  return with_task(R"({"name":"t","config":)" + config + "}");
}
std::string with_name(const std::string& name) {
  return R"({"name":")" + name +
         R"(","task_groups":[{"tasks":[{"name":"t","config":{"command":"c"}}]}]})";
}

TEST(TemplateJson, MapsEveryField) {
  const core::TemplateSpec spec = read(kWhole);
  EXPECT_EQ(spec.name, "我的数据处理任务");
  ASSERT_EQ(spec.groups.size(), 2U);
  ASSERT_EQ(spec.groups[0].tasks.size(), 2U);
  const TaskSpec& plain = spec.groups[0].tasks[0];
  EXPECT_EQ(plain, (TaskSpec{"数据清洗器", "/opt/apps/clean.sh", {}, {}, {}, {}}));
  const TaskSpec& rich = spec.groups[0].tasks[1];
  EXPECT_EQ(rich, (TaskSpec{"数据分析器",
                            "/opt/apps/analyze.py",
                            std::vector<std::string>{"-v", ""},
                            {{"MODE", "fast"}, {"_x", ""}},
                            "/tmp",
                            std::chrono::seconds(30)}));
  EXPECT_EQ(spec.groups[1].tasks[0].args, std::vector<std::string>())
      << "no arguments are not the same as none given";
}

TEST(TemplateJson, IsRefusedWhenCutAnywhere) {
  const std::string text = kWhole;
  for (std::size_t length = 0; length < text.size(); ++length) refused(text.substr(0, length));
}

// Every node of the document replaced by every other kind of value.
void for_each_node(json::value& node, const std::string& pointer,
                   const std::function<void(json::value&, const std::string&)>& visit) {
  visit(node, pointer);
  if (json::object* object = node.if_object()) {
    for (auto& field : *object) {
      for_each_node(field.value(), pointer + "/" + std::string(field.key()), visit);
    }
  } else if (json::array* array = node.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      for_each_node((*array)[i], pointer + "/" + std::to_string(i), visit);
    }
  }
}

TEST(TemplateJson, RefusesEveryWrongTypeAtEveryPlaceAndNamesIt) {
  json::value document = json::parse(kWhole);
  const std::vector<json::value> others = {nullptr,       true,          1, -2.5, "",
                                           json::array(), json::object()};
  int mutations = 0;
  for_each_node(document, "", [&](json::value& node, const std::string& pointer) {
    const json::value original = node;
    for (const json::value& other : others) {
      if (other.kind() == original.kind()) continue;
      node = other;
      const Refusal refusal = refused(json::serialize(document));
      EXPECT_EQ(refusal.word, "wrong_type") << json::serialize(document);
      const std::string place = pointer.empty() ? "at the top of the body:" : "at " + pointer + ":";
      EXPECT_NE(refusal.message.find(place), std::string::npos) << refusal.message;
      ++mutations;
    }
    node = original;
  });
  EXPECT_GT(mutations, 150);
}

TEST(TemplateJson, SaysWhatWasExpectedAndWhatWasFound) {
  expect_refused(with_config(R"({"command":5})"), "wrong_type",
                 "at /task_groups/0/tasks/0/config/command: expected a string, found a number");
}

TEST(TemplateJson, RefusesEveryMissingField) {
  const std::vector<std::string> required = {"/name",
                                             "/task_groups",
                                             "/task_groups/0/tasks",
                                             "/task_groups/0/tasks/0/name",
                                             "/task_groups/0/tasks/0/config",
                                             "/task_groups/0/tasks/0/config/command"};
  for (const std::string& pointer : required) {
    json::value document = json::parse(kWhole);
    const std::size_t slash = pointer.rfind('/');
    json::error_code error;
    json::value* parent =
        slash == 0 ? &document : document.find_pointer(pointer.substr(0, slash), error);
    ASSERT_NE(parent, nullptr);
    ASSERT_EQ(parent->as_object().erase(pointer.substr(slash + 1)), 1U);
    expect_refused(json::serialize(document), "missing_field", "at " + pointer + ": is missing");
  }
}

TEST(TemplateJson, RefusesUnknownFieldsAtEveryLevelWithTheNearestName) {
  expect_refused(R"({"name":"n","task_group":[]})", "unknown_field",
                 "at /task_group: no such field; did you mean \"task_groups\"?");
  expect_refused(R"({"name":"n","task_groups":[{"task":[]}]})", "unknown_field",
                 "did you mean \"tasks\"?");
  expect_refused(with_task(R"({"nmae":"t","config":{"command":"c"}})"), "unknown_field",
                 "did you mean \"name\"?");
  expect_refused(with_config(R"({"comand":"c"})"), "unknown_field",
                 "at /task_groups/0/tasks/0/config/comand: no such field; did you mean "
                 "\"command\"?");
  expect_refused(with_config(R"({"command":"c","replicas":"2"})"), "unknown_field",
                 "known here: command args env working_dir stop_grace");
}

TEST(TemplateJson, RefusesDuplicatesWithTheirPlace) {
  expect_refused(with_config(R"({"command":"a","command":"b"})"), "duplicate_field",
                 "at /task_groups/0/tasks/0/config/command:");
}

TEST(TemplateJson, TakesNamesUpToTheLimitInBytes) {
  const std::string longest = std::string(limits::kNameBytes - 3, 'a') + "任";
  EXPECT_EQ(read(with_name(longest)).name, longest);
  expect_refused(with_name(longest + "a"), "invalid_value", "at /name: 256 bytes long");
  expect_refused(with_name(""), "invalid_value", "at /name: is empty");
}

TEST(TemplateJson, RefusesControlCharactersInNames) {
  for (const char* escape : {"\\u0000", "\\n", "\\u001f", "\\u007f", "\\u0085"}) {
    expect_refused(with_name(std::string("a") + escape), "invalid_value", "at /name:");
    expect_refused(
        with_task(std::string(R"({"name":"a)") + escape + R"(","config":{"command":"c"}})"),
        "invalid_value", "at /task_groups/0/tasks/0/name:");
  }
}

TEST(TemplateJson, RefusesEmptyGroupsAndTasks) {
  expect_refused(R"({"name":"n","task_groups":[]})", "invalid_value", "at /task_groups: is empty");
  expect_refused(with_task(""), "invalid_value", "at /task_groups/0/tasks: is empty");
}

TEST(TemplateJson, RefusesTwoTasksOfOneNameInAGroup) {
  const std::string task = R"({"name":"t","config":{"command":"c"}})";
  expect_refused(with_task(task + "," + task), "invalid_value",
                 "at /task_groups/0/tasks/1/name: 't' is already the name of task 0");
  read(R"({"name":"n","task_groups":[{"tasks":[)" + task + R"(]},{"tasks":[)" + task + "]}]}");
}

TEST(TemplateJson, LimitsTheNumberOfGroupsAndTasks) {
  std::string tasks;
  for (std::size_t i = 0; i <= limits::kTasksPerGroup; ++i) {
    tasks += (i == 0 ? "" : ",") + (R"({"name":")" + std::to_string(i)) +
             R"(","config":{"command":"c"}})";
  }
  expect_refused(with_task(tasks), "invalid_value", "at /task_groups/0/tasks: 1001 elements");
  std::string groups;
  for (std::size_t i = 0; i <= limits::kGroupsPerTemplate; ++i) {
    groups +=
        (i == 0 ? std::string() : ",") + R"({"tasks":[{"name":"t","config":{"command":"c"}}]})";
  }
  expect_refused(R"({"name":"n","task_groups":[)" + groups + "]}", "invalid_value",
                 "at /task_groups: 1001 elements");
}

TEST(TemplateJson, ChecksCommandAndArguments) {
  expect_refused(with_config(R"({"command":""})"), "invalid_value", "command: is empty");
  expect_refused(with_config(R"({"command":"a\u0000b"})"), "invalid_value", "NUL");
  expect_refused(with_config(R"({"command":"c","args":["a\u0000"]})"), "invalid_value",
                 "config/args/0:");
  const std::string longest(limits::kCommandBytes, 'x');
  EXPECT_EQ(read(with_config(R"({"command":")" + longest + "\"}")).groups[0].tasks[0].command,
            longest);
  expect_refused(with_config(R"({"command":"x)" + longest + "\"}"), "invalid_value", "at most");
  EXPECT_EQ(read(with_config(R"({"command":"a\nb\t\"c\""})")).groups[0].tasks[0].command,
            "a\nb\t\"c\"");
}

TEST(TemplateJson, ChecksTheEnvironment) {
  for (const char* name : {"", "1A", "A-B", "A B", "A=B", "任务", "A\\u0000"}) {
    expect_refused(with_config(std::string(R"({"command":"c","env":{")") + name + R"(":"v"}})"),
                   "invalid_value", "environment variable");
  }
  expect_refused(with_config(R"({"command":"c","env":{"DROVER_TASK":"v"}})"), "invalid_value",
                 "config/env/DROVER_TASK:");
  expect_refused(with_config(R"({"command":"c","env":{"A":"v\u0000"}})"), "invalid_value",
                 "config/env/A:");
}

TEST(TemplateJson, ChecksTheWorkingDirectory) {
  for (const char* path : {"", "tmp", "./x", "/a\\u0000"}) {
    expect_refused(with_config(std::string(R"({"command":"c","working_dir":")") + path + "\"}"),
                   "invalid_value", "config/working_dir:");
  }
}

TEST(TemplateJson, ChecksTheGrace) {
  for (const char* grace : {"", "10", "s", "-1s", "1.5s", "25h", "99999999999999999999s"}) {
    expect_refused(with_config(std::string(R"({"command":"c","stop_grace":")") + grace + "\"}"),
                   "invalid_value", "config/stop_grace:");
  }
  EXPECT_EQ(
      read(with_config(R"({"command":"c","stop_grace":"24h"})")).groups[0].tasks[0].stop_grace,
      limits::kLongestStopGrace);
}

TEST(SmallBodies, ReadNameAndId) {
  std::string name;
  EXPECT_FALSE(read_name_body(R"({"name":"任务"})", name));
  EXPECT_EQ(name, "任务");
  InstanceId id;
  EXPECT_FALSE(read_id_body(R"({"id":"0192F3A0-7B1C-7def-8123-456789abcdef"})", id));
  EXPECT_EQ(id.text(), "0192f3a0-7b1c-7def-8123-456789abcdef");
}

TEST(SmallBodies, RefuseEverythingElse) {
  InstanceId id;
  const auto word = [&](std::string_view body) {
    const auto problem = read_id_body(body, id);
    return problem ? std::string(info(problem->code).word) : "taken";
  };
  EXPECT_EQ(word(R"({"id":"no-uuid"})"), "invalid_id");
  EXPECT_EQ(word(R"({"id":""})"), "invalid_id");
  EXPECT_EQ(word(R"({"id":"0192f3a07b1c7def8123456789abcdef"})"), "invalid_id");
  EXPECT_EQ(word(R"({"id":"0192f3a0-7b1c-7def-8123-456789abcdef "})"), "invalid_id");
  EXPECT_EQ(word(R"({"id":7})"), "wrong_type");
  EXPECT_EQ(word(R"({})"), "missing_field");
  EXPECT_EQ(word(R"([])"), "wrong_type");
  EXPECT_EQ(word(R"({"id":"x","name":"y"})"), "unknown_field");
  std::string name;
  EXPECT_TRUE(read_name_body(R"({"name":""})", name));
  EXPECT_TRUE(read_name_body(R"({"name":"a\u0000"})", name));
}

// A template with one group that has these members beside its task.
std::string with_policies(const std::string& members) {
  return R"({"name":"n","task_groups":[{)" + members +
         R"(,"tasks":[{"name":"t","config":{"command":"true"}}]}]})";
}

TEST(TemplateJson, AGroupSaysWhenItRunsAgain) {
  const core::GroupSpec group =
      read(with_policies(R"("reschedule":{"policy":"on_failure"},"exclusive":true,)"
                         R"("lost_after":"90s","on_return":"keep_original")"))
          .groups.at(0);
  EXPECT_EQ(group.reschedule_policy(), RestartPolicy::on_failure);
  EXPECT_TRUE(group.is_exclusive());
  EXPECT_EQ(group.lost_after, std::chrono::seconds(90));
  EXPECT_TRUE(group.keeps_original());

  const core::GroupSpec bare = read(kWhole).groups.at(0);
  EXPECT_EQ(bare.reschedule_policy(), RestartPolicy::never);
  EXPECT_FALSE(bare.is_exclusive());
  EXPECT_FALSE(bare.keeps_original());
  EXPECT_FALSE(bare.lost_after);
}

TEST(TemplateJson, AGroupsPoliciesAreChecked) {
  const std::string at = "at /task_groups/0";
  expect_refused(with_policies(R"("reschedule":"always")"), "wrong_type", at + "/reschedule: ");
  expect_refused(with_policies(R"("reschedule":{})"), "missing_field", at + "/reschedule");
  expect_refused(with_policies(R"("reschedule":{"policy":"often"})"), "invalid_value",
                 at + "/reschedule/policy: 'often' is none of the words that can stand here: "
                      "\"never\", \"on_failure\", \"always\"");
  expect_refused(with_policies(R"("exclusive":1)"), "wrong_type", at + "/exclusive: ");
  expect_refused(with_policies(R"("lost_after":"90")"), "invalid_value", at + "/lost_after: ");
  expect_refused(with_policies(R"("lost_after":"1000h")"), "invalid_value", "at most 720h");
  expect_refused(with_policies(R"("on_return":"keep")"), "invalid_value", "keep_replacement");
  expect_refused(with_policies(R"("exklusive":true)"), "unknown_field", "exclusive");
}

TEST(TemplateJson, AGroupHasANameAndACount) {
  const core::GroupSpec group = read(with_policies(R"("name":"工人","count":10000)")).groups.at(0);
  EXPECT_EQ(group.name, "工人");
  EXPECT_EQ(group.copies(), 10'000U);
  EXPECT_EQ(read(kWhole).groups.at(0).copies(), 1U);
  for (const char* count : {"0", "-1", "10001", "1.5", "1e3", "99999999999999999999"}) {
    expect_refused(with_policies(std::string(R"("count":)") + count), "invalid_value",
                   "at /task_groups/0/count: ");
  }
  expect_refused(with_policies(R"("count":"3")"), "wrong_type",
                 "expected a number, found a string; for example: \"count\": 3");
}

TEST(TemplateJson, CountsAndNamesOfAllGroupsGoTogether) {
  const std::string tasks = R"("tasks":[{"name":"t","config":{"command":"true"}}])";
  const auto two = [&](const std::string& first, const std::string& second) {
    return R"({"name":"n","task_groups":[{)" + tasks + first + "},{" + tasks + second + "}]}";
  };
  EXPECT_EQ(read(two(R"(,"count":9999)", "")).slots(), 10'000U);
  expect_refused(two(R"(,"count":9999)", R"(,"count":2)"), "invalid_value",
                 "at /task_groups: the counts of all groups make 10001 copies");
  expect_refused(two(R"(,"name":"a")", R"(,"name":"a")"), "invalid_value",
                 "at /task_groups/1/name: 'a' is already the name of group 0");
}

TEST(TemplateJson, AGroupSaysWhereItGoes) {
  const core::GroupSpec group =
      read(
          with_policies(
              R"("constraints":[{"attribute":"label.zone","value":"a"},)"
              R"({"attribute":"node.cpus","operator":">","value":"4"},)"
              R"({"attribute":"label.gpu","operator":"exists"},)"
              R"({"attribute":"node.ip","operator":"in","values":["192.0.2.1","192.0.2.2"]}],)"
              R"("affinity":[{"attribute":"label.disk","operator":"!=","value":"hdd","weight":-7}],)"
              R"("spread":"node.id")"))
          .groups.at(0);
  using core::Operator;
  EXPECT_EQ(group.constraints,
            (std::vector<core::Constraint>{{"label.zone", Operator::equal, {"a"}},
                                           {"node.cpus", Operator::greater, {"4"}},
                                           {"label.gpu", Operator::exists, {}},
                                           {"node.ip", Operator::in, {"192.0.2.1", "192.0.2.2"}}}));
  EXPECT_EQ(group.affinity,
            (std::vector<core::Affinity>{{{"label.disk", Operator::not_equal, {"hdd"}}, -7}}));
  EXPECT_EQ(group.spread, "node.id");
  EXPECT_FALSE(group.pack);
}

TEST(TemplateJson, WhatAGroupWantsOfItsNodeIsChecked) {
  const std::string at = "at /task_groups/0";
  const auto constraint = [](const std::string& members) {
    return with_policies(R"("constraints":[{)" + members + "}]");
  };
  expect_refused(with_policies(R"("constraints":{})"), "wrong_type", at + "/constraints: ");
  expect_refused(constraint(R"("value":"a")"), "missing_field", at + "/constraints/0");
  expect_refused(constraint(R"("attribute":"zone","value":"a")"), "invalid_value",
                 at + "/constraints/0/attribute: 'zone' is no attribute of a node; use label.NAME, "
                      "or one of node.arch, node.cpus");
  expect_refused(constraint(R"("attribute":"label.","value":"a")"), "invalid_value", "label.NAME");
  expect_refused(constraint(R"("attribute":"node.size","value":"a")"), "invalid_value", "node.os");
  expect_refused(constraint(R"("attribute":"label.a","operator":"==","value":"a")"),
                 "invalid_value", R"("=", "!=", "in", "exists", "<", ">")");
  expect_refused(constraint(R"("attribute":"label.a")"), "invalid_value",
                 at + "/constraints/0: with this operator there is a value");
  expect_refused(constraint(R"("attribute":"label.a","operator":"in","value":"a")"),
                 "invalid_value", "with the operator in there are values");
  expect_refused(constraint(R"("attribute":"label.a","operator":"exists","value":"a")"),
                 "invalid_value", "with the operator exists there is no value");
  expect_refused(constraint(R"("attribute":"label.a","value":4)"), "wrong_type",
                 at + "/constraints/0/value: ");
  expect_refused(with_policies(R"("affinity":[{"attribute":"label.a","value":"b"}])"),
                 "missing_field", at + "/affinity/0");
  for (const char* weight : {"0", "101", "-101", "0.5"}) {
    expect_refused(with_policies(R"("affinity":[{"attribute":"label.a","value":"b","weight":)" +
                                 std::string(weight) + "}]"),
                   "invalid_value", at + "/affinity/0/weight: ");
  }
  expect_refused(with_policies(R"("spread":"label.a","pack":"label.b")"), "invalid_value",
                 "leave one of them out");
  expect_refused(with_policies(R"("spread":"zone")"), "invalid_value", at + "/spread: ");
}

// A template with these members, and one task with this config.
std::string with_members(const std::string& members, const std::string& config) {
  return R"({"name":"n",)" + members + R"(,"task_groups":[{"tasks":[{"name":"t","config":)" +
         config + "}]}]}";
}

TEST(TemplateJson, DeclaresParametersKindAndLabels) {
  const core::TemplateSpec spec =
      read(with_members(R"("kind":"service","labels":{"team":"数据"},)"
                        R"("parameters":{"input":{},"size":{"default":"","description":"lines"}})",
                        R"({"command":"c","args":["${input}","$${x}"],"env":{"V":"${size}"}})"));
  EXPECT_EQ(spec.kind, core::Kind::service);
  EXPECT_EQ(spec.labels, (std::map<std::string, std::string>{{"team", "数据"}}));
  ASSERT_EQ(spec.parameters.value().size(), 2U);
  EXPECT_EQ(spec.parameters->at("input"), core::Parameter{});
  EXPECT_EQ(spec.parameters->at("size"), (core::Parameter{"", "lines"}));
  EXPECT_FALSE(read(kWhole).parameters);
}

TEST(TemplateJson, RefusesReferencesToWhatIsNoParameter) {
  const std::string parameters = R"("parameters":{"input":{}})";
  const std::string config = "at /task_groups/0/tasks/0/config";
  expect_refused(with_members(parameters, R"({"command":"c","args":["","${inptu}"]})"),
                 "invalid_value", config + "/args/1: ${inptu} is no parameter of the template");
  expect_refused(with_members(parameters, R"({"command":"${x}","args":[]})"), "invalid_value",
                 config + "/command: ${x}");
  expect_refused(with_members(parameters, R"({"command":"c","env":{"V":"${x}"}})"), "invalid_value",
                 config + "/env/V: ${x}");
  // The shell's own variables, and a template that replaces nothing.
  read(with_members(parameters, R"({"command":"echo ${HOME}"})"));
  read(with_config(R"({"command":"c","args":["${x}"]})"));
}

TEST(TemplateJson, PriorityAndGangAreRead) {
  const core::TemplateSpec spec =
      read(with_members(R"("priority":0,"gang":true)", R"({"command":"c"})"));
  EXPECT_EQ(spec.priority_or_default(), 0U);
  EXPECT_EQ(spec.gang, true);
  EXPECT_EQ(read(kWhole).priority_or_default(), 50U);
  expect_refused(with_members(R"("priority":101)", R"({"command":"c"})"), "invalid_value",
                 "at /priority: 101 is no whole number from 0 to 100");
  expect_refused(with_members(R"("gang":"yes")", R"({"command":"c"})"), "wrong_type", "at /gang: ");
}

TEST(TemplateJson, RefusesUnknownReferencesInConstraints) {
  const std::string body =
      R"({"name":"n","parameters":{"zone":{}},"task_groups":[{"constraints":)"
      R"([{"attribute":"label.a","value":"${zone}"},{"attribute":"label.a","value":"${zoen}"}],)"
      R"("tasks":[{"name":"t","config":{"command":"c"}}]}]})";
  expect_refused(body, "invalid_value",
                 "at /task_groups/0/constraints/1: ${zoen} is no parameter of the template");
}

TEST(TemplateJson, ChecksParametersKindAndLabels) {
  const std::string config = R"({"command":"c"})";
  expect_refused(with_members(R"("kind":"daemon")", config), "invalid_value", "at /kind: 'daemon'");
  expect_refused(with_members(R"("labels":{"":"x"})", config), "invalid_value", "at /labels/: ");
  expect_refused(with_members(R"("labels":{"a":1})", config), "wrong_type", "at /labels/a: ");
  expect_refused(with_members(R"("parameters":{"a-b":{}})", config), "invalid_value",
                 "at /parameters/a-b: ");
  expect_refused(with_members(R"("parameters":{"DROVER_TASK":{}})", config), "invalid_value",
                 "at /parameters/DROVER_TASK: ");
  expect_refused(with_members(R"("parameters":{"a":{"default":5}})", config), "wrong_type",
                 "at /parameters/a/default: expected a string, found a number; for example: "
                 "\"default\": \"10\"");
  expect_refused(with_members(R"("parameters":{"a":{"defualt":""}})", config), "unknown_field",
                 "did you mean \"default\"?");
}

TEST(TemplateSpec, SlotsBelongToGroupsInTheirOrder) {
  core::TemplateSpec spec;
  spec.groups.resize(3);
  spec.groups[0].count = 2;
  spec.groups[2].count = 3;
  const std::vector<core::SlotRole> roles{{0, 0}, {0, 1}, {1, 0}, {2, 0}, {2, 1}, {2, 2}};
  ASSERT_EQ(spec.slots(), roles.size());
  for (std::uint32_t slot = 0; slot < roles.size(); ++slot) {
    EXPECT_EQ(core::first_role(spec, slot), roles[slot]) << slot;
  }
}

}  // namespace
}  // namespace drover::http
