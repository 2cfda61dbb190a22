#include "tests/bench/http/own_master.h"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <thread>

#include "common/clock.h"
#include "common/limits.h"
#include "tests/bench/history/fill.h"
#include "tests/bench/support/program.h"
#include "tests/support/records.h"

namespace drover::bench {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

}  // namespace

OwnMaster::OwnMaster(std::size_t live, std::size_t ended) {
  store_ = must(store::open_rocksdb(directory_.path()));
  ended_ = fill_history(*store_, ended, 1, throw_if_interrupted);
  store_.reset();
  start();
  deploy(live);
}

OwnMaster::~OwnMaster() {
  if (server_) server_->stop();
  if (engine_) engine_->stop();
}

void OwnMaster::start() {
  store_ = must(store::open_rocksdb(directory_.path()));
  auto loaded = must(store_->load());
  must(store_->begin_epoch(Epoch{loaded.last_epoch.value + 1}));
  measured_ = std::make_unique<metrics::MeasuredStore>(*store_, metrics_);
  core::Settings settings;
  settings.lease = limits::kLongestLease;  // the node does not even beat
  core::State state = core::rebuild(std::move(loaded.records), settings, steady_now());
  view_ = std::make_unique<engine::View>(state);
  engine_ =
      std::make_unique<engine::Engine>(std::move(state), loaded.last_index, *measured_, *view_,
                                       agents_, engine::Engine::Options{[](const std::string&) {}});
  engine_->start();
  http::ServerOptions options;
  options.listen = {"127.0.0.1", 0};
  options.threads = threads();
  server_ = must(http::Server::start(options, {*engine_, *view_, *measured_, outputs_, metrics_}));
}

// As many as the master has by itself.
int OwnMaster::threads() const {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, 8);
}

void OwnMaster::deploy(std::size_t count) {
  core::OpenSession hello;
  hello.node = NodeId{new_uuid()};
  hello.session = SessionId{1};
  hello.ip = "127.0.0.1";
  hello.boot_id = "boot";
  run(hello);
  for (std::size_t i = 0; i < count; ++i) {
    throw_if_interrupted();
    live_.push_back(InstanceId{new_uuid()});
    run(core::Deploy{"work", live_.back()});
  }
}

// Waits until it is durable.
void OwnMaster::run(core::Command command) {
  std::promise<core::ReplyCode> done;
  const bool taken = engine_->submit(
      std::move(command), [&done](const core::Reply& reply) { done.set_value(reply.code); });
  if (!taken || done.get_future().get() != core::ReplyCode::ok) {
    throw std::runtime_error("the master does not take what it is to begin with");
  }
}

}  // namespace drover::bench
