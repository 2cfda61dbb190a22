// A master within this process: the real HTTP server, engine, view and store, with one node that
// does nothing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "master/engine/engine.h"
#include "master/engine/view.h"
#include "master/http/routes.h"
#include "master/http/server.h"
#include "master/metrics/measured_store.h"
#include "master/metrics/metrics.h"
#include "master/output/reader.h"
#include "master/store/store.h"
#include "tests/support/temp_dir.h"

namespace drover::bench {

class OwnMaster {
 public:
  // With so many instances that start, and so many that have ended. Throws std::runtime_error.
  OwnMaster(std::size_t live, std::size_t ended);
  ~OwnMaster();

  std::uint16_t port() const { return server_->port(); }
  int threads() const;  // that serve HTTP
  const std::vector<InstanceId>& live() const { return live_; }
  const std::vector<InstanceId>& ended() const { return ended_; }
  std::string directory() const { return directory_.path(); }

 private:
  struct Nobody final : engine::AgentOutbox {
    void send(std::vector<core::MessageToAgent>) override {}
  };
  struct Nothing final : output::Reader {
    std::unique_ptr<output::Reading> read(const output::Request&,
                                          std::shared_ptr<output::Listener>) override {
      return nullptr;
    }
  };
  void start();
  void run(core::Command command);
  void deploy(std::size_t count);

  TempDir directory_;
  std::vector<InstanceId> live_;
  std::vector<InstanceId> ended_;
  std::unique_ptr<store::Store> store_;
  metrics::Metrics metrics_{http::routes().size()};
  std::unique_ptr<metrics::MeasuredStore> measured_;
  std::unique_ptr<engine::View> view_;
  Nobody agents_;
  Nothing outputs_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace drover::bench
