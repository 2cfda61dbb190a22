// The history: one line for each thing that happened, and a hash over all lines. What a line is
// about is noted with it, so that a long history can be cut to what matters.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/ids.h"
#include "tests/sim/base/events.h"

namespace drover::sim {

// What a line is about: an instance ("i12"), a node ("n3"), the master ("master"), a fault.
using Subjects = std::vector<std::string>;

class Trace {
 public:
  Trace(const Events& events, bool keep) : events_(events), keep_(keep) {}

  void note(const std::string& actor, const std::string& text, Subjects subjects = {});

  std::uint64_t hash() const { return hash_; }

  struct Line {
    Time when = 0;
    std::string actor;
    std::string text;
    Subjects subjects;
  };
  // Empty unless they are kept.
  const std::vector<Line>& lines() const { return lines_; }
  static std::string text_of(const Line& line);
  // What is about any of these, and what befell the programs that they name.
  std::vector<Line> about(const Subjects& subjects) const;

  // Short names, in the order in which things are first heard of.
  std::string name(const InstanceId& id);
  std::string name(const AllocationId& id);  // i12.0.1
  std::string name(const AttemptId& id);     // i12.0.1/0.1
  std::string name_of_key(const std::string& key);

 private:
  const Events& events_;
  const bool keep_;
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
  std::vector<Line> lines_;
  std::map<InstanceId, std::size_t> instances_;
};

}  // namespace drover::sim
