#include "master/http/engine_call.h"

#include <memory>
#include <utility>

#include "master/engine/engine.h"
#include "master/http/worker.h"

namespace drover::http {
namespace {

using MaybeReply = std::optional<core::Reply>;

// Asio's handlers can only be moved, the engine's callback must be copyable: so they are shared.
template <class Handler>
void submit(const std::shared_ptr<Worker>& worker, engine::Engine& engine, core::Command command,
            Handler handler) {
  auto resume = std::make_shared<Handler>(std::move(handler));
  // On the engine's thread. It gives its share of the coroutine away, so that the coroutine goes on
  // and ends on the worker's thread.
  auto done = [worker, resume](const core::Reply& reply) mutable {
    auto go_on = [resume = std::move(resume), reply]() { (*resume)(MaybeReply(reply)); };
    net::asio::post(worker->executor(), std::move(go_on));
  };
  if (engine.submit(std::move(command), std::move(done))) return;
  auto refused = [resume]() { (*resume)(MaybeReply()); };
  net::asio::post(worker->executor(), std::move(refused));
}

}  // namespace

net::Awaitable<std::optional<core::Reply>> call_engine(Worker& worker, engine::Engine& engine,
                                                       core::Command command) {
  auto initiate = [shared_worker = worker.shared_from_this(), &engine](auto handler,
                                                                       core::Command moved) {
    submit(shared_worker, engine, std::move(moved), std::move(handler));
  };
  MaybeReply reply =
      co_await net::asio::async_initiate<const net::asio::use_awaitable_t<net::Executor>,
                                         void(MaybeReply)>(std::move(initiate), net::kAwait,
                                                           std::move(command));
  co_return reply;
}

}  // namespace drover::http
