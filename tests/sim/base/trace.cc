#include "tests/sim/base/trace.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace drover::sim {

void Trace::note(const std::string& actor, const std::string& text, Subjects subjects) {
  Line line{events_.now(), actor, actor + ": " + text, std::move(subjects)};
  // FNV-1a.
  const auto mix = [this](std::uint64_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3ULL; };
  for (int shift = 0; shift < 64; shift += 8) {
    mix((static_cast<std::uint64_t>(line.when) >> shift) & 0xff);
  }
  for (const char c : line.text) mix(static_cast<unsigned char>(c));
  if (!keep_) return;
  lines_.push_back(std::move(line));
}

std::string Trace::text_of(const Line& line) {
  char time[32];
  std::snprintf(time, sizeof time, "%9.3f  ", static_cast<double>(line.when) / 1000);
  return time + line.text;
}

// A line about no subject in particular is about its actor.
std::vector<Trace::Line> Trace::about(const Subjects& subjects) const {
  // Also the machines on which the instances were.
  Subjects wider = subjects;
  for (const Line& line : lines_) {
    if (line.actor.starts_with('n') && !line.subjects.empty() &&
        std::find(subjects.begin(), subjects.end(), line.subjects.front()) != subjects.end()) {
      wider.push_back(line.actor);
    }
  }
  const auto is_node = [](const std::string& subject) { return subject.starts_with('n'); };
  const auto matters = [&wider](const std::string& one) {
    return one == "world" || one == "oracle" || one == "master" || one == "faults" ||
           std::find(wider.begin(), wider.end(), one) != wider.end();
  };
  std::vector<Line> chosen;
  for (const Line& line : lines_) {
    // Of what is said of instances, those count; that it was said to a node does not.
    Subjects about;
    for (const std::string& subject : line.subjects) {
      if (!is_node(subject)) about.push_back(subject);
    }
    const bool chosen_here =
        about.empty() ? matters(line.actor) : std::any_of(about.begin(), about.end(), matters);
    if (chosen_here) chosen.push_back(line);
  }
  return chosen;
}

std::string Trace::name(const InstanceId& id) {
  const auto [found, is_new] = instances_.try_emplace(id, instances_.size() + 1);
  return "i" + std::to_string(found->second);
}

std::string Trace::name(const AllocationId& id) {
  return name(id.instance) + '.' + std::to_string(id.slot) + '.' + std::to_string(id.generation);
}

std::string Trace::name(const AttemptId& id) {
  return name(id.allocation) + '/' + std::to_string(id.task) + '.' + std::to_string(id.attempt);
}

std::string Trace::name_of_key(const std::string& key) {
  const std::size_t check = key.find('#');
  const auto id = AttemptId::parse(key.substr(0, check));
  if (!id) return key;
  return check == std::string::npos ? name(*id) : name(*id) + key.substr(check);
}

}  // namespace drover::sim
