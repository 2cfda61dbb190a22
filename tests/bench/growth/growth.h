// What one operation costs, against the size of what is around it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/bench/support/program.h"

namespace drover::bench {

struct Curve {
  std::string operation;                  // "placement", for the figure's id
  std::string what;                       // "one placement"
  std::string axis;                       // what grows: "nodes", "running" or "finished" instances
  std::string fixed;                      // what does not
  std::string method;                     // whose time was taken
  std::map<std::uint64_t, double> costs;  // by size: microseconds of CPU for each
};

// The axes of the core: nodes, running instances.
std::vector<Curve> core_growth(const Options& options);

// The axes of a whole master: running, finished instances; of the latter a million, too, where
// `million`.
std::vector<Curve> master_growth(const Options& options, bool million);

// Sizes, and for each what every turn has measured.
using Turns = std::map<std::uint64_t, std::vector<double>>;

inline std::map<std::uint64_t, double> medians_of(const Turns& turns) {
  std::map<std::uint64_t, double> medians;
  for (const auto& [size, costs] : turns) medians[size] = median(costs);
  return medians;
}

}  // namespace drover::bench
