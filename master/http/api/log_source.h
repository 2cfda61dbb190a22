// Output of an instance's attempts as a stream.
//
// Without `follow`: one output stream after the other, in the order of the targets; the next few
// are asked for ahead. With it: all side by side, line by line as they come; what begins later, an
// attempt or a copy, joins, and the answer is over when everything that it could show is.
//
// What a node does not say within limits::kOutputSilence is left out, and the answer says so. One
// that is followed is waited for on, until the master says that the attempt is over.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "master/engine/watchers.h"
#include "master/http/answer.h"
#include "master/http/api/log_lane.h"
#include "master/http/api/log_targets.h"
#include "master/http/api/log_writer.h"
#include "master/http/services.h"

namespace drover::http {

struct LogRequest {
  InstanceId instance;
  LogSelection selection;
  bool output = true;
  bool error_output = true;
  std::optional<std::uint64_t> tail_lines;
  core::UnixMs since = 0;
  bool follow = false;
  LogFormat format = LogFormat::json;
};

class LogSource final : public Source {
 public:
  // `targets`: what the selection means now.
  LogSource(const Services& services, LogRequest request, std::vector<LogTarget> targets);

  void begin(Wake wake) override;
  State read(std::string& out) override;
  std::chrono::steady_clock::time_point look_again() const override;
  void keep_alive(std::string& out) override;
  void end_early(std::string_view reason, std::string& out) override;

 private:
  using Time = LogLane::Time;

  // An attempt that is being shown.
  struct Shown {
    LogTarget target;
    bool joined = false;      // later than at the beginning: all of it is new
    int streams = 0;          // that are not over
    bool has_output = false;  // as far as is known
    bool is_whole = true;     // nothing was left out
  };
  struct Open {
    std::shared_ptr<Shown> of;
    bool error_output = false;
    std::unique_ptr<LogLane> lane = nullptr;  // null: its turn has not come
    PartialLine rest = {};
    bool was_silent = false;  // and it was said

    LogStream stream() const { return {of->target, error_output}; }
  };
  using Opens = std::list<Open>;

  void show(const LogTarget& target, bool joined);
  void open(Open& open, Time now);
  void look_at_instance(Time now);
  void add_new(const std::vector<LogTarget>& targets);
  void note_ends(const std::vector<LogTarget>& targets, Time now);
  // Whether it goes on.
  bool pump(Open& open, Time now, std::string& out);
  void append_data(Open& open, const output::Chunk& chunk, std::string& out);
  void append_end(Open& open, const output::End& end, std::string& out);
  bool check_silence(Open& open, Time now, std::string& out);
  void leave_out(Open& open, std::string_view code, const std::string& why, std::string& out);
  void close(Open& open, std::string& out);

  const Services services_;
  const LogRequest request_;
  const LogWriter writer_;
  Wake wake_;
  engine::Watchers::Watch watch_;
  std::shared_ptr<std::atomic<bool>> changed_ = std::make_shared<std::atomic<bool>>(false);
  Opens opens_;
  // With follow: the latest attempt of a task of a copy that is or was shown.
  std::map<std::pair<AllocationId, std::uint32_t>, std::uint32_t> latest_;
  std::set<NodeId> silent_;       // nodes that are not waited for a second time
  std::vector<LogTarget> first_;  // until begin()
  bool may_grow_ = false;         // something may join
};

}  // namespace drover::http
