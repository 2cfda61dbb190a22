// What Prometheus reads: the text format, version 0.0.4, made by its library for C++.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "master/metrics/metrics.h"
#include "master/store/store.h"

namespace drover::metrics {

// What is asked for when somebody reads.
struct Levels {
  // Method and path, by the routes' numbers.
  std::vector<std::pair<std::string_view, std::string_view>> routes;
  std::size_t waiting_commands = 0;
  std::size_t templates = 0;
  std::vector<std::pair<const char*, std::size_t>> instances;  // by state, of those not ended
  std::size_t nodes = 0;
  std::size_t online_nodes = 0;
  bool is_read_only = false;
  bool is_suspended = false;  // nothing is given up or replaced
  std::uint64_t heartbeats = 0;
  std::vector<store::Statistic> store;
};

std::string page(const Metrics& metrics, const Levels& levels);

inline constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace drover::metrics
