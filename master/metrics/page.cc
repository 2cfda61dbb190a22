#include "master/metrics/page.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <sstream>

namespace drover::metrics {
namespace {

namespace prom = prometheus;
using Labels = std::vector<prom::ClientMetric::Label>;

class Page {
 public:
  // Those that follow belong to it.
  void family(const std::string& name, const std::string& help, prom::MetricType type) {
    families_.push_back({name, help, type, {}});
  }
  void counter(double value, Labels labels = {}) {
    prom::ClientMetric& metric = add(std::move(labels));
    metric.counter.value = value;
  }
  void gauge(double value, Labels labels = {}) {
    prom::ClientMetric& metric = add(std::move(labels));
    metric.gauge.value = value;
  }
  void histogram(const Distribution& distribution, Labels labels = {}) {
    prom::ClientMetric& metric = add(std::move(labels));
    std::uint64_t count = 0;
    for (std::size_t bucket = 0; bucket < Distribution::buckets(); ++bucket) {
      count += distribution.count_in(bucket);
      const bool is_last = bucket == Distribution::kBoundsNs.size();
      const double bound = is_last ? std::numeric_limits<double>::infinity()
                                   : static_cast<double>(Distribution::kBoundsNs[bucket]) / 1e9;
      metric.histogram.bucket.push_back({count, bound});
    }
    metric.histogram.sample_count = count;
    metric.histogram.sample_sum = distribution.sum_seconds();
  }

  std::string text() const {
    std::ostringstream out;
    prom::TextSerializer().Serialize(out, families_);
    return out.str();
  }

 private:
  prom::ClientMetric& add(Labels labels) {
    prom::ClientMetric& metric = families_.back().metric.emplace_back();
    metric.label = std::move(labels);
    return metric;
  }

  std::vector<prom::MetricFamily> families_;
};

constexpr auto kCounter = prom::MetricType::Counter;
constexpr auto kGauge = prom::MetricType::Gauge;

Labels labels_of(const Metrics& metrics, const Levels& levels, std::size_t route) {
  // What led to no route has neither method nor path that anybody else could not make up.
  if (route == metrics.route_count()) return {{"method", ""}, {"route", "none"}};
  const auto& [method, path] = levels.routes.at(route);
  return {{"method", std::string(method)}, {"route", std::string(path)}};
}

void add_requests(const Metrics& metrics, const Levels& levels, Page& page) {
  page.family("drover_http_requests_total", "Requests that were answered.", kCounter);
  for (std::size_t route = 0; route <= metrics.route_count(); ++route) {
    const RouteCounts& counts = metrics.route(route);
    for (std::size_t digit = 1; digit < RouteCounts::kClasses; ++digit) {
      const auto count = counts.by_class[digit].load(std::memory_order_relaxed);
      if (count == 0) continue;
      Labels labels = labels_of(metrics, levels, route);
      labels.push_back({"status", std::to_string(digit) + "xx"});
      page.counter(static_cast<double>(count), std::move(labels));
    }
  }
  page.family("drover_http_request_duration_seconds",
              "From the first byte of a request to its answer; without those that wait or stream.",
              prom::MetricType::Histogram);
  for (std::size_t route = 0; route <= metrics.route_count(); ++route) {
    page.histogram(metrics.route(route).times, labels_of(metrics, levels, route));
  }
}

void add_engine(const Metrics& metrics, const Levels& levels, Page& page) {
  page.family("drover_commit_duration_seconds", "Synced writes of batches of changes.",
              prom::MetricType::Histogram);
  page.histogram(metrics.commits());
  page.family("drover_committed_records_total", "Records in these batches.", kCounter);
  page.counter(static_cast<double>(metrics.records()));
  page.family("drover_events_total", "What has happened, by kind: placements, starts, exits, ...",
              kCounter);
  for (std::size_t kind = 0; kind < core::kEventKinds; ++kind) {
    const auto event = static_cast<core::EventKind>(kind);
    page.counter(static_cast<double>(metrics.events(event)), {{"kind", core::to_string(event)}});
  }
  page.family("drover_waiting_commands", "Commands that wait for the engine.", kGauge);
  page.gauge(static_cast<double>(levels.waiting_commands));
  page.family("drover_read_only", "1 once a write has failed.", kGauge);
  page.gauge(levels.is_read_only ? 1 : 0);
}

void add_cluster(const Levels& levels, Page& page) {
  page.family("drover_templates", "Templates.", kGauge);
  page.gauge(static_cast<double>(levels.templates));
  page.family("drover_instances", "Instances that have not ended, by state.", kGauge);
  for (const auto& [state, count] : levels.instances) {
    page.gauge(static_cast<double>(count), {{"state", state}});
  }
  page.family("drover_nodes", "Nodes, online or not.", kGauge);
  page.gauge(static_cast<double>(levels.online_nodes), {{"status", "online"}});
  page.gauge(static_cast<double>(levels.nodes - levels.online_nodes), {{"status", "offline"}});
  page.family("drover_replacements_suspended",
              "1 while so many nodes are silent that none is given up.", kGauge);
  page.gauge(levels.is_suspended ? 1 : 0);
  page.family("drover_heartbeats_total", "Heartbeats of agents.", kCounter);
  page.counter(static_cast<double>(levels.heartbeats));
}

void add_store(const Levels& levels, Page& page) {
  page.family("drover_rocksdb", "Properties of the store, by their names in RocksDB.", kGauge);
  for (const store::Statistic& each : levels.store) {
    Labels labels = {{"property", each.name}};
    if (!each.family.empty()) labels.push_back({"family", each.family});
    page.gauge(each.value, std::move(labels));
  }
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// By the names that all of Prometheus' own clients give them.
void add_process(Page& page) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  page.family("process_cpu_seconds_total", "Processor time, of user and system.", kCounter);
  page.counter(seconds(usage.ru_utime) + seconds(usage.ru_stime));
  std::ifstream statm("/proc/self/statm");  // proc(5): sizes in pages, the resident one second
  double size = 0;
  double resident = 0;
  if (!(statm >> size >> resident)) return;
  page.family("process_resident_memory_bytes", "Memory that is held.", kGauge);
  page.gauge(resident * static_cast<double>(::sysconf(_SC_PAGESIZE)));
}

}  // namespace

std::string page(const Metrics& metrics, const Levels& levels) {
  Page page;
  add_requests(metrics, levels, page);
  add_engine(metrics, levels, page);
  add_cluster(levels, page);
  add_store(levels, page);
  add_process(page);
  return page.text();
}

}  // namespace drover::metrics
