#include "master/core/parameters.h"

#include <gtest/gtest.h>

#include <memory>

namespace drover::core {
namespace {

Ptr<Template> a_template() {
  Template from;
  from.spec.name = "report";
  from.spec.parameters = {{"input", {}}, {"size", Parameter{"10", ""}}};
  TaskSpec program{"program",
                   "/opt/${input}",
                   {{"${input}", "a${size}b$${size}${", "}"}},
                   {{"V", "${size}${size}"}},
                   {},
                   {}};
  TaskSpec line{"line", "echo ${input} $${x}", {}, {{"size", "mine"}}, {}, {}};
  from.spec.groups = {{{program, line}}};
  from.document = "{}";
  from.version = 3;
  return std::make_shared<const Template>(from);
}

TEST(Parameters, StandInArgumentsProgramAndEnvironment) {
  const Ptr<Template> resolved = resolve(a_template(), {{"input", "x y"}, {"size", "7"}});
  const TaskSpec& program = resolved->spec.groups[0].tasks[0];
  EXPECT_EQ(program.command, "/opt/x y");
  EXPECT_EQ(program.args.value(), (std::vector<std::string>{"x y", "a7b${size}${", "}"}));
  EXPECT_EQ(program.env, (std::map<std::string, std::string>{{"V", "77"}}));
  EXPECT_EQ(resolved->version, 3u);
}

TEST(Parameters, AreVariablesOfAShellLine) {
  const Ptr<Template> resolved = resolve(a_template(), {{"input", "x; y"}, {"size", "7"}});
  const TaskSpec& line = resolved->spec.groups[0].tasks[1];
  EXPECT_EQ(line.command, "echo ${input} $${x}");
  EXPECT_EQ(line.env, (std::map<std::string, std::string>{{"input", "x; y"}, {"size", "mine"}}))
      << "what the task sets itself counts";
}

TEST(Parameters, AValueIsNotReadAgain) {
  const Ptr<Template> resolved = resolve(a_template(), {{"input", "${size}"}, {"size", "7"}});
  EXPECT_EQ(resolved->spec.groups[0].tasks[0].command, "/opt/${size}");
}

TEST(Parameters, StandInConstraintsAndAffinity) {
  Template from = *a_template();
  GroupSpec& group = from.spec.groups[0];
  group.constraints = {{"label.zone", Operator::in, {"${input}", "$${size}", "x"}}};
  group.affinity = {{{"node.cpus", Operator::greater, {"${size}"}}, 10}};
  const Ptr<Template> resolved =
      resolve(std::make_shared<const Template>(from), {{"input", "north"}, {"size", "8"}});
  const GroupSpec& after = resolved->spec.groups[0];
  EXPECT_EQ(after.constraints[0].values, (std::vector<std::string>{"north", "${size}", "x"}));
  EXPECT_EQ(after.affinity[0].to.values, (std::vector<std::string>{"8"}));
}

TEST(Parameters, WithoutThemTheTemplateIsTheSameObject) {
  const Ptr<Template> from = a_template();
  EXPECT_EQ(resolve(from, {}), from);
}

TEST(Parameters, ReferencesToOthersAreFound) {
  const Ptr<Template> from = a_template();
  const TemplateSpec& spec = from->spec;
  EXPECT_EQ(unknown_reference(spec, "a ${input} $${other} ${"), std::nullopt);
  EXPECT_EQ(unknown_reference(spec, "${input}${other}${}"), "other");
  EXPECT_EQ(unknown_reference(spec, "${}"), "");
  EXPECT_EQ(unknown_reference(TemplateSpec{}, "${other}"), std::nullopt)
      << "a template without parameters replaces nothing";
}

TEST(Parameters, ValuesMustFit) {
  const Ptr<Template> from = a_template();
  const TemplateSpec& spec = from->spec;
  EXPECT_FALSE(check_values(spec, {{"input", ""}}));
  EXPECT_FALSE(check_values(spec, {{"input", ""}, {"size", ""}}));
  EXPECT_EQ(check_values(spec, {}).value().parameter, "input");
  EXPECT_EQ(check_values(spec, {{"input", ""}, {"Size", ""}}).value().parameter, "Size");
  EXPECT_EQ(check_values(TemplateSpec{}, {{"input", ""}}).value().what,
            "the template declares no parameters; leave it out");
  EXPECT_EQ(with_defaults(spec, {{"input", "a"}}),
            (ParameterValues{{"input", "a"}, {"size", "10"}}));
}

TEST(Service, RunsAgainUnlessItSaysOtherwise) {
  Template from = *a_template();
  from.spec.kind = Kind::service;
  from.spec.groups.push_back(from.spec.groups[0]);
  from.spec.groups[1].reschedule = RestartPolicy::on_failure;
  const Ptr<Template> resolved = resolve(std::make_shared<const Template>(from), {});
  EXPECT_EQ(resolved->spec.groups[0].reschedule_policy(), RestartPolicy::always);
  EXPECT_EQ(resolved->spec.groups[1].reschedule_policy(), RestartPolicy::on_failure);
}

}  // namespace
}  // namespace drover::core
