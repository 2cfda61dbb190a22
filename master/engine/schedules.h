// Which templates with a schedule are due, by the clock of whoever asks. Knows what is durable: it
// hears of templates when they are published, and says what is to be stepped as a RunSchedule.
//
// What has passed unheard, of one template, counts as one time: the last of them. So a master that
// was away, or whose clock was set forward, makes up for one run.
//
// One thread at a time. It reads no clock.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "master/core/outcome.h"
#include "master/core/state.h"
#include "master/schedule/timetable.h"

namespace drover::engine {

struct DueRun {
  std::string template_name;
  core::UnixMs due = 0;
};

class Schedules {
 public:
  explicit Schedules(const core::State& state);

  // Those that run nothing, each with its template and why. All were right when they were taken;
  // the system's time zones may be others now.
  const std::vector<std::string>& broken() const { return broken_; }

  // The templates of which nothing is due for long after `now`, as they were last run by a clock
  // that was far ahead of it. In alphabetical order.
  std::vector<std::string> silent(core::UnixMs now) const;

  // After a commit.
  void publish(const core::Changes& changes);

  // All that is due at `now`, and has not been said before, in the order in which it was due. Costs
  // what is due.
  std::vector<DueRun> take_due(core::UnixMs now);

 private:
  struct Entry {
    core::ScheduleSpec spec;
    schedule::Timetable timetable;
    core::UnixMs last_run = 0;
    std::optional<core::UnixMs> next;  // as in by_due_
  };

  void put(const core::Template& record);
  void plan(const std::string& name, Entry& entry);
  void remove(const std::string& name);

  std::unordered_map<std::string, Entry> entries_;
  std::set<std::pair<core::UnixMs, std::string>> by_due_;
  std::vector<std::string> broken_;
};

}  // namespace drover::engine
