// A cron expression in a time zone, each by what a template calls it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/result.h"
#include "master/schedule/cron.h"

namespace drover::schedule {

// Immutable.
class Timetable {
 public:
  // Fails where the expression is wrong, or there is no such time zone on this machine.
  static Result<Timetable> make(const std::string& cron, const std::string& time_zone);

  // As those of Cron.
  std::optional<std::int64_t> next_after(std::int64_t unix_ms) const {
    return cron_.next_after(unix_ms, zone_);
  }
  std::optional<std::int64_t> last_between(std::int64_t after, std::int64_t until) const {
    return cron_.last_between(after, until, zone_);
  }

 private:
  Timetable(const Cron& cron, absl::TimeZone zone) : cron_(cron), zone_(zone) {}

  Cron cron_;
  absl::TimeZone zone_;
};

}  // namespace drover::schedule
