#include "agent/metrics/sampler.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "agent/metrics/text.h"

namespace drover::agent::metrics {
namespace {

// A machine may have more processors than a fixed cpu_set_t has bits.
constexpr std::size_t kMostCpus = 16'384;

std::uint32_t percent(double part, double whole) {
  if (!(whole > 0)) return 0;
  return static_cast<std::uint32_t>(std::lround(std::clamp(part / whole, 0.0, 1.0) * 100));
}

std::uint64_t memory_total(const std::string& root) {
  return number_of_key(read_text(root + "/proc/meminfo"), "MemTotal").value_or(0) * 1024;
}

// The number in "cpu7"; nothing for the line of all, "cpu", and for others.
std::optional<std::uint32_t> cpu_of_line(std::string_view name) {
  if (!name.starts_with("cpu")) return std::nullopt;
  const auto found = number(name.substr(3));
  if (!found) return std::nullopt;
  return static_cast<std::uint32_t>(*found);
}

}  // namespace

std::vector<std::uint32_t> allowed_cpus() {
  std::vector<std::uint32_t> cpus;
  const std::size_t bytes = CPU_ALLOC_SIZE(kMostCpus);
  cpu_set_t* set = CPU_ALLOC(kMostCpus);
  if (set != nullptr && ::sched_getaffinity(0, bytes, set) == 0) {
    for (std::uint32_t cpu = 0; cpu < kMostCpus; ++cpu) {
      if (CPU_ISSET_S(cpu, bytes, set)) cpus.push_back(cpu);
    }
  }
  CPU_FREE(set);
  if (!cpus.empty()) return cpus;
  for (std::uint32_t cpu = 0; cpu < std::max(1U, std::thread::hardware_concurrency()); ++cpu) {
    cpus.push_back(cpu);
  }
  return cpus;
}

Sampler::Sampler(std::string root, std::vector<std::uint32_t> cpus, std::int64_t steady_ms)
    : root_(std::move(root)),
      cpus_(std::move(cpus)),
      machine_memory_(memory_total(root_)),
      sampled_at_ms_(steady_ms) {
  quota_ = find_cpu_quota(root_);
  if (quota_ && quota_->cores >= static_cast<double>(cpus_.size())) quota_.reset();
  limit_ = find_memory_limit(root_);
  if (limit_ && limit_->bytes >= machine_memory_) limit_.reset();
  before_ = cpu_time(steady_ms);
}

Capacity Sampler::capacity() const {
  const double cores = quota_ ? quota_->cores : static_cast<double>(cpus_.size());
  return {static_cast<std::uint32_t>(std::max(1.0, std::ceil(cores))),
          limit_ ? limit_->bytes : machine_memory_};
}

Usage Sampler::sample(std::int64_t steady_ms) {
  if (steady_ms - sampled_at_ms_ >= kShortestSampleMs) {
    const CpuTime now = cpu_time(steady_ms);
    cpu_percent_ = percent(now.used - before_.used, now.possible - before_.possible);
    before_ = now;
    sampled_at_ms_ = steady_ms;
  }
  return {cpu_percent_, memory_percent()};
}

Sampler::CpuTime Sampler::cpu_time(std::int64_t steady_ms) const {
  if (!quota_) return machine_cpu_time();
  return {static_cast<double>(cpu_used_us(*quota_).value_or(0)),
          quota_->cores * static_cast<double>(steady_ms) * 1000};
}

// proc(5), /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice; the last
// two are part of the first two.
Sampler::CpuTime Sampler::machine_cpu_time() const {
  CpuTime sum;
  const std::string text = read_text(root_ + "/proc/stat");
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = words(line);
    if (fields.size() < 5) continue;
    const auto cpu = cpu_of_line(fields[0]);
    if (!cpu || !std::binary_search(cpus_.begin(), cpus_.end(), *cpu)) continue;
    for (std::size_t field = 1; field < std::min<std::size_t>(fields.size(), 9); ++field) {
      const auto ticks = static_cast<double>(number(fields[field]).value_or(0));
      const bool idle = field == 4 || field == 5;
      sum.possible += ticks;
      if (!idle) sum.used += ticks;
    }
  }
  return sum;
}

std::uint32_t Sampler::memory_percent() const {
  if (limit_) {
    return percent(static_cast<double>(memory_used_bytes(*limit_).value_or(0)),
                   static_cast<double>(limit_->bytes));
  }
  const auto available = number_of_key(read_text(root_ + "/proc/meminfo"), "MemAvailable");
  if (!available) return 0;
  const auto total = static_cast<double>(machine_memory_);
  return percent(total - static_cast<double>(*available) * 1024, total);
}

}  // namespace drover::agent::metrics
