#include "master/schedule/timetable.h"

namespace drover::schedule {

Result<Timetable> Timetable::make(const std::string& cron, const std::string& time_zone) {
  auto parsed = Cron::parse(cron);
  if (!parsed) return parsed.error();
  auto zone = load_zone(time_zone);
  if (!zone) return zone.error();
  return Timetable(*parsed, *zone);
}

}  // namespace drover::schedule
