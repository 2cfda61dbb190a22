// The parameters of a template: what may be given at a deployment, and what it changes.
//
// Problem: a value that is pasted into a shell line is a program of whoever gave it: "; rm -rf ~".
//
// Solution: in arguments, in the program of a task with arguments and in values of `env`, ${name}
// is replaced by the value, which stays one word. A shell line is left as it is: the value is a
// variable of its environment, so that the shell itself expands ${name}, and never reads the value
// as text of the program. $${name} stands for the characters themselves.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "master/core/records.h"

namespace drover::core {

using ParameterValues = std::map<std::string, std::string>;

// The first name that `text` refers to and that is no parameter; nothing if there is none.
std::optional<std::string> unknown_reference(const TemplateSpec& spec, std::string_view text);

// What is wrong with the values, and with which parameter.
struct ValueProblem {
  std::string parameter;
  std::string what;
};
// Nothing: they fit.
std::optional<ValueProblem> check_values(const TemplateSpec& spec, const ParameterValues& given);

// The given values and, where none is given, the defaults.
ParameterValues with_defaults(const TemplateSpec& spec, const ParameterValues& given);

// The template as an instance with these values sees it: values in their places, and what its kind
// says where a group or task says nothing. The same object where that changes nothing.
Ptr<Template> resolve(const Ptr<Template>& from, const ParameterValues& values);

}  // namespace drover::core
