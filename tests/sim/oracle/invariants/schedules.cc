// 23: no time that is due makes two instances, whatever crashes and however the clock is set; none
// passes unheard while the master is well; none is made while one goes on, where that is not
// wanted.
#include <map>
#include <utility>

#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

constexpr std::int64_t kMinute = 60'000;  // the workload's schedules are due at each
// For a tick, and a slow disk.
constexpr Time kHeardWithin = 10'000;

class Schedules final : public Invariant {
 public:
  explicit Schedules(Watch watch) : Invariant(watch, 23) {}

  void clock_set(std::int64_t unix_ms) override {
    clock_is_ahead_by_ = unix_ms - now();
    clock_set_at_ = now();
  }

  void master_starts(const MasterStart& start) override {
    std::map<std::string, core::Ptr<core::Template>> found;
    for (const auto& record : start.loaded.records.templates) found[record->spec.name] = record;
    // One whose record was damaged begins anew.
    std::erase_if(made_, [&](const auto& each) { return !found.contains(each.first.first); });
    templates_.clear();
    for (const auto& [name, record] : found) know(record);
  }

  void restored() override { made_.clear(); }

  void committed(const core::Changes& changes) override {
    for (const auto& instance : changes.instances) {
      const auto& records = truth().records;
      const bool is_new =
          !records.instances.contains(instance->id) && !records.history.contains(instance->id);
      if (instance->scheduled_for && is_new) check_overlap(*instance, changes);
    }
  }

  void recorded(const core::Changes& changes) override {
    for (const auto& record : changes.templates) know(record);
    for (const auto& instance : changes.instances) {
      if (instance->scheduled_for && !truth().is_excused(instance->id)) check_twice(*instance);
    }
    for (const auto& [name, record] : templates_) check_heard(*record);
  }

 private:
  void know(const core::Ptr<core::Template>& record) {
    if (record->spec.schedule) {
      templates_[record->spec.name] = record;
    } else {
      templates_.erase(record->spec.name);
    }
  }

  void check_twice(const core::Instance& instance) {
    const auto [made, is_new] =
        made_.try_emplace({instance.template_name, *instance.scheduled_for}, instance.id);
    if (is_new || made->second == instance.id) return;
    broken(name(made->second) + " and " + name(instance.id) + " were made for the same time",
           {name(made->second), name(instance.id), "master"});
  }

  void check_overlap(const core::Instance& instance, const core::Changes& changes) {
    const auto from = templates_.find(instance.template_name);
    if (from == templates_.end() || !from->second->spec.schedule->skips_overlap()) return;
    for (const auto& [id, other] : truth().records.instances) {
      if (!other->scheduled_for || other->template_name != instance.template_name) continue;
      bool has_ended = false;
      for (const auto& ended : changes.finished) has_ended |= ended.instance->id == id;
      if (has_ended) continue;
      broken(name(instance.id) + " is made while " + name(id) + " goes on",
             {name(instance.id), name(id), "master"});
    }
  }

  void check_heard(const core::Template& record) {
    const auto calm = truth().master.calm_since();
    if (!calm || now() - *calm <= kHeardWithin || now() - clock_set_at_ <= kHeardWithin) return;
    const std::int64_t due = (record.last_run / kMinute + 1) * kMinute;
    if (now() + clock_is_ahead_by_ - due <= kHeardWithin) return;
    broken("template " + record.spec.name + " has been due for " +
               std::to_string(now() + clock_is_ahead_by_ - due) + " ms",
           {"master"});
  }

  std::int64_t clock_is_ahead_by_ = 0;  // of the simulated time
  Time clock_set_at_ = 0;
  std::map<std::string, core::Ptr<core::Template>> templates_;  // with a schedule, as recorded
  std::map<std::pair<std::string, core::UnixMs>, InstanceId> made_;
};

}  // namespace

std::unique_ptr<Invariant> schedules(Watch watch) { return std::make_unique<Schedules>(watch); }

}  // namespace drover::sim
