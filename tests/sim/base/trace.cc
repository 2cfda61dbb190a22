#include "tests/sim/base/trace.h"

#include <cstdio>
#include <utility>

namespace drover::sim {

void Trace::note(const std::string& actor, const std::string& text, Subjects subjects) {
  Line line{events_.now(), actor + ": " + text, std::move(subjects)};
  // FNV-1a.
  const auto mix = [this](std::uint64_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3ULL; };
  for (int shift = 0; shift < 64; shift += 8) {
    mix((static_cast<std::uint64_t>(line.when) >> shift) & 0xff);
  }
  for (const char c : line.text) mix(static_cast<unsigned char>(c));
  if (!keep_) return;
  line.subjects.push_back(actor);
  lines_.push_back(std::move(line));
}

std::string Trace::text_of(const Line& line) {
  char time[32];
  std::snprintf(time, sizeof time, "%9.3f  ", static_cast<double>(line.when) / 1000);
  return time + line.text;
}

std::string Trace::name(const InstanceId& id) {
  const auto [found, is_new] = instances_.try_emplace(id, instances_.size() + 1);
  return "i" + std::to_string(found->second);
}

std::string Trace::name(const AllocationId& id) {
  return name(id.instance) + '.' + std::to_string(id.group) + '.' + std::to_string(id.generation);
}

std::string Trace::name(const AttemptId& id) {
  return name(id.allocation) + '/' + std::to_string(id.task) + '.' + std::to_string(id.attempt);
}

std::string Trace::name_of_key(const std::string& key) {
  const auto id = AttemptId::parse(key);
  return id ? name(*id) : key;
}

}  // namespace drover::sim
