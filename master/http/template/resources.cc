#include "master/http/template/resources.h"

#include <array>
#include <cmath>

#include "common/limits.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;

namespace {

MaybeProblem read_cpu(const json::value& value, const Place& place, TaskResources& out) {
  if (!value.is_number()) return wrong_type(value, place, "a number of cores");
  const double cores = value.to_number<double>();
  constexpr double kMost = static_cast<double>(limits::kMostCpuThousandths) / 1000;
  if (!(cores >= 0.001 && cores <= kMost)) {
    return problem_at(place, Code::invalid_value, "must be a number of cores from 0.001 to 100000");
  }
  out.cpu_thousandths = std::llround(cores * 1000);
  return std::nullopt;
}

MaybeProblem read_memory(const json::value& value, const Place& place, TaskResources& out) {
  std::uint64_t size = 0;
  if (auto problem = read_size(value, place, size)) return problem;
  if (size < limits::kLeastMemoryBytes || size > limits::kMostMemoryBytes) {
    return problem_at(place, Code::invalid_value, "must be from 1MiB to 1024TiB");
  }
  out.memory_bytes = static_cast<std::int64_t>(size);
  return std::nullopt;
}

boost::json::object cpu_schema(schema::Components&) {
  return {{"type", "number"}, {"minimum", 0.001}, {"maximum", limits::kMostCpuThousandths / 1000}};
}

constexpr std::array<std::string_view, 2> kCpuLimits = {"share", "hard"};

MaybeProblem read_cpu_limit(const json::value& value, const Place& place, TaskResources& out) {
  return read_word(value, place, kCpuLimits, out.cpu_limit.emplace());
}

using enum Presence;

// clang-format off
constexpr std::array kResourcesFields = std::to_array<Field<TaskResources>>({
    {"cpu", optional, read_cpu, cpu_schema, "0.5",
     "Cores, also parts of one. Reserved: all tasks of a node together reserve no more than it has. When others want the "
     "processor too, the task gets it by this share; one that says nothing reserves nothing, and counts as one core"},
    {"cpu_limit", optional, read_cpu_limit, schema::word<kCpuLimits>, R"("hard")",
     "`share`: it may have more while nobody else wants it. `hard`: never more than `cpu`. `share` without"},
    {"memory", optional, read_memory, schema::size, R"("512MiB")",
     "Reserved as well. Beyond it the kernel kills all of the task, which has failed then and says that it was out of memory. From 1 MiB. "
     "Nothing is reserved and there is no limit without"},
});
// clang-format on

}  // namespace

MaybeProblem read_resources(const json::value& value, const Place& place, TaskSpec& task) {
  return read_fields(value, place, resources_fields(), task.resources.emplace());
}

Fields<TaskResources> resources_fields() { return kResourcesFields; }

}  // namespace drover::http
