#include "master/http/api/awaited_instance.h"

#include <charconv>
#include <string>
#include <utility>

#include "common/duration.h"
#include "common/limits.h"
#include "master/engine/view.h"
#include "master/http/api/instance_view.h"
#include "master/http/json_text.h"
#include "master/http/query.h"
#include "master/http/store_problem.h"

namespace drover::http {
namespace {

bool parse_index(const std::string& text, Index& out) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, out.value);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

MaybeProblem read_what(const std::string& text, WaitFor& wait) {
  if (text == "terminal") {
    wait.what = WaitFor::What::terminal;
  } else if (text == "running") {
    wait.what = WaitFor::What::running;
  } else if (parse_index(text, wait.after)) {
    wait.what = WaitFor::What::index;
  } else {
    return Problem{Code::unexpected_query,
                   "wait=" + excerpt(text) +
                       " is none of: terminal, running, or the index that an earlier answer had",
                   ""};
  }
  return std::nullopt;
}

bool has_come(const WaitFor& wait, const WholeInstance& whole) {
  const core::InstanceState state = whole.instance->state;
  if (wait.what == WaitFor::What::index) return whole.index() > wait.after;
  if (core::is_terminal(state)) return true;
  return wait.what == WaitFor::What::running && state != core::InstanceState::pending &&
         state != core::InstanceState::starting;
}

class AwaitedInstance final : public Awaited {
 public:
  AwaitedInstance(const Services& services, const InstanceId& id, const WaitFor& wait)
      : services_(services), id_(id), wait_(wait) {}

  std::chrono::milliseconds timeout() const override { return wait_.timeout; }

  void begin(Wake wake) override { watch_ = services_.view.watchers().watch(id_, std::move(wake)); }

  std::optional<Response> look(Look look) override {
    const auto found = find_instance(services_, id_);
    if (!found) return to_response(history_problem(found.error()));
    if (!*found) return to_response(unknown_instance(id_));
    if (look == Look::early && !has_come(wait_, **found)) {
      // What has ended never changes: there is nothing to wait for.
      if (!core::is_terminal((*found)->instance->state)) return std::nullopt;
    }
    return show(services_, **found);
  }

 private:
  const Services services_;
  const InstanceId id_;
  const WaitFor wait_;
  engine::Watchers::Watch watch_;
};

}  // namespace

MaybeProblem read_wait(const QueryValues& query, std::optional<WaitFor>& wait) {
  const std::string* what = query.find("wait");
  WaitFor read;
  read.timeout = limits::kWaitTime;
  if (auto problem = read_duration(query, "timeout", std::chrono::milliseconds(0),
                                   limits::kLongestWait, read.timeout)) {
    return problem;
  }
  if (what == nullptr) {
    if (query.find("timeout") == nullptr) return std::nullopt;
    return Problem{Code::unexpected_query, "timeout says how long to wait, and wait for what", ""};
  }
  if (auto problem = read_what(*what, read)) return problem;
  wait = read;
  return std::nullopt;
}

std::unique_ptr<Awaited> await_instance(const Services& services, const InstanceId& id,
                                        const WaitFor& wait) {
  return std::make_unique<AwaitedInstance>(services, id, wait);
}

}  // namespace drover::http
