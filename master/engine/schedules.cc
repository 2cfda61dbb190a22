#include "master/engine/schedules.h"

#include <algorithm>
#include <utility>

#include "common/planted_bug.h"
#include "master/core/schedules.h"

namespace drover::engine {

Schedules::Schedules(const core::State& state) {
  if (planted(PlantedBug::forget_schedules)) return;
  for (const auto& [name, record] : state.templates) put(*record);
}

void Schedules::publish(const core::Changes& changes) {
  for (const auto& record : changes.templates) put(*record);
}

void Schedules::put(const core::Template& record) {
  const std::string& name = record.spec.name;
  if (record.removed || !record.spec.schedule) return remove(name);
  const core::ScheduleSpec& spec = *record.spec.schedule;
  auto found = entries_.find(name);
  if (found == entries_.end() || found->second.spec != spec) {
    remove(name);
    auto timetable = schedule::Timetable::make(spec.cron, spec.time_zone_or_default());
    if (!timetable) {
      broken_.push_back("template '" + name + "': " + timetable.error().message);
      return;
    }
    found = entries_.emplace(name, Entry{spec, std::move(*timetable), 0, {}}).first;
  }
  found->second.last_run = record.last_run;
  plan(name, found->second);
}

void Schedules::plan(const std::string& name, Entry& entry) {
  if (entry.next) by_due_.erase({*entry.next, name});
  entry.next = entry.timetable.next_after(entry.last_run);
  if (entry.next) by_due_.emplace(*entry.next, name);
}

void Schedules::remove(const std::string& name) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return;
  if (found->second.next) by_due_.erase({*found->second.next, name});
  entries_.erase(found);
}

std::vector<std::string> Schedules::silent(core::UnixMs now) const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries_) {
    if (core::is_ahead_of(entry.last_run, now)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<DueRun> Schedules::take_due(core::UnixMs now) {
  std::vector<DueRun> due;
  while (!by_due_.empty() && by_due_.begin()->first <= now) {
    const std::string name = by_due_.begin()->second;
    Entry& entry = entries_.at(name);
    // There is one: what is next is later than the last run.
    entry.last_run = entry.timetable.last_between(entry.last_run, now).value();
    due.push_back({name, entry.last_run});
    plan(name, entry);
  }
  return due;
}

}  // namespace drover::engine
