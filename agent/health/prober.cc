#include "agent/health/prober.h"

#include <pthread.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <string>
#include <thread>
#include <utility>

#include "common/endpoint.h"
#include "common/health.h"
#include "common/limits.h"
#include "common/mutex.h"

namespace drover::agent::health {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// What has been found, or nothing: that all is well.
using OnDone = std::function<void(std::optional<std::string> failure)>;

// Where the check of a template goes; the error is for whoever reads the task's health.
Result<HttpTarget> target_of(const HealthSpec& health) {
  if (health.http) return parse_http_target(*health.http);
  auto endpoint = parse_endpoint(health.tcp.value_or(""));
  if (!endpoint) return endpoint.error();
  return HttpTarget{*std::move(endpoint), ""};
}

// One check on its way. Holds itself until it is over.
class Check : public std::enable_shared_from_this<Check> {
 public:
  Check(asio::io_context& context, HttpTarget target, bool speaks_http, OnDone done)
      : resolver_(context),
        stream_(context),
        target_(std::move(target)),
        speaks_http_(speaks_http),
        done_(std::move(done)) {
    parser_.header_limit(limits::kCheckAnswerBytes);
  }

  void begin(std::chrono::milliseconds time_limit) {
    time_limit_ = time_limit;
    stream_.expires_after(time_limit);
    resolver_.async_resolve(target_.endpoint.host, std::to_string(target_.endpoint.port),
                            [self = shared_from_this()](const error_code& error,
                                                        const tcp::resolver::results_type& found) {
                              if (error)
                                return self->fail("looking up " + self->target_.endpoint.host,
                                                  error);
                              self->connect(found);
                            });
  }

 private:
  void connect(const tcp::resolver::results_type& found) {
    stream_.async_connect(
        found, [self = shared_from_this()](const error_code& error, const tcp::endpoint&) {
          if (error) return self->fail("connecting to " + self->target_.endpoint.text(), error);
          if (!self->speaks_http_) return self->done_(std::nullopt);
          self->ask();
        });
  }

  void ask() {
    request_.method(http::verb::get);
    request_.target(target_.path);
    request_.set(http::field::host, target_.endpoint.text());
    request_.set(http::field::user_agent, "drover-agent");
    request_.set(http::field::connection, "close");
    http::async_write(stream_, request_,
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (error) return self->fail("asking", error);
                        self->hear();
                      });
  }

  void hear() {
    http::async_read_header(
        stream_, buffer_, parser_,
        [self = shared_from_this()](const error_code& error, std::size_t) {
          if (error) return self->fail("waiting for an answer", error);
          const unsigned status = self->parser_.get().result_int();
          const bool is_well = status >= 200 && status < 400;
          self->done_(is_well ? std::nullopt : std::optional("HTTP " + std::to_string(status)));
        });
  }

  void fail(const std::string& where, const error_code& error) {
    if (error == beast::error::timeout) {
      return done_("no answer within " + std::to_string(time_limit_.count()) + " ms");
    }
    done_(where + ": " + error.message());
  }

  tcp::resolver resolver_;
  beast::tcp_stream stream_;
  const HttpTarget target_;
  const bool speaks_http_;
  const OnDone done_;
  std::chrono::milliseconds time_limit_{0};
  http::request<http::empty_body> request_;
  beast::flat_buffer buffer_;
  http::response_parser<http::empty_body> parser_;
};

}  // namespace

class Prober::Work {
 public:
  explicit Work(const std::function<void()>& on_done)
      : on_done_(on_done), thread_([this] { run(); }) {}
  ~Work() {
    context_.stop();
    thread_.join();
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  void begin(const core::Probe& probe) {
    auto target = target_of(probe.health());
    if (!target) return finish({probe.id, target.error().message});
    auto check =
        std::make_shared<Check>(context_, *std::move(target), probe.health().http.has_value(),
                                [this, id = probe.id](std::optional<std::string> failure) {
                                  finish({id, std::move(failure)});
                                });
    asio::post(context_, [check, limit = probe.health().time_limit()] { check->begin(limit); });
  }

  std::vector<core::Checked> take() {
    const MutexLock lock(mutex_);
    return std::exchange(done_, {});
  }

 private:
  void run() {
    ::pthread_setname_np(::pthread_self(), "health");
    context_.run();
  }

  void finish(core::Checked checked) {
    {
      const MutexLock lock(mutex_);
      done_.push_back(std::move(checked));
    }
    on_done_();
  }

  const std::function<void()>& on_done_;
  Mutex mutex_;
  std::vector<core::Checked> done_ DROVER_GUARDED_BY(mutex_);
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_guard_{context_.get_executor()};
  std::thread thread_;
};

Prober::Prober(std::function<void()> on_done) : on_done_(std::move(on_done)) {}

Prober::~Prober() = default;

void Prober::begin(const core::Probe& probe) {
  if (!work_) work_ = std::make_unique<Work>(on_done_);
  work_->begin(probe);
}

std::vector<core::Checked> Prober::take() {
  return work_ ? work_->take() : std::vector<core::Checked>();
}

}  // namespace drover::agent::health
