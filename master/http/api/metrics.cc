#include "master/http/api/metrics.h"

#include <utility>

#include "master/engine/engine.h"
#include "master/engine/view.h"
#include "master/http/routes.h"
#include "master/metrics/page.h"
#include "master/store/store.h"

namespace drover::http {
namespace {

metrics::Levels levels_of(const Services& services) {
  metrics::Levels levels;
  for (const Route& route : routes()) levels.routes.emplace_back(word_of(route.method), route.path);
  const engine::View& view = services.view;
  const core::ClusterStatus cluster = view.cluster();
  levels.waiting_commands = services.engine.waiting();
  levels.templates = view.templates();
  for (std::size_t number = 0; number < engine::View::kStates; ++number) {
    const auto state = static_cast<core::InstanceState>(number);
    if (core::is_terminal(state)) continue;
    levels.instances.emplace_back(core::to_string(state), view.live_instances(state));
  }
  levels.nodes = cluster.nodes;
  levels.online_nodes = cluster.online_nodes;
  levels.is_suspended = cluster.suspects;
  levels.is_read_only = view.read_only().has_value();
  levels.heartbeats = view.heartbeats();
  levels.store = services.store.statistics();
  return levels;
}

}  // namespace

Answer get_metrics(const Services& services, const Request&) {
  Response response;
  response.content_type = metrics::kContentType;
  response.body = metrics::page(services.metrics, levels_of(services));
  return response;
}

}  // namespace drover::http
