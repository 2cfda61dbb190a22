// What the handlers work with. Nothing is owned.
#pragma once

namespace drover::engine {
class Engine;
class View;
}  // namespace drover::engine
namespace drover::metrics {
class Metrics;
}
namespace drover::output {
class Reader;
}
namespace drover::store {
class Store;
}

namespace drover::http {

struct Services {
  engine::Engine& engine;
  const engine::View& view;
  const store::Store& store;
  output::Reader& outputs;
  metrics::Metrics& metrics;  // of http::routes()
};

}  // namespace drover::http
