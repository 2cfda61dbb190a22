#include "agent/supervisor/cgroup_containment.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "agent/supervisor/cgroup_location.h"
#include "agent/supervisor/pidfd.h"
#include "common/files.h"
#include "common/limits.h"
#include "common/log.h"

namespace drover::supervisor {
namespace {

constexpr const char* kItself = ".";

Result<std::string> own_directory() {
  auto mountinfo = read_file("/proc/self/mountinfo");
  if (!mountinfo) return mountinfo.error();
  auto self_cgroup = read_file("/proc/self/cgroup");
  if (!self_cgroup) return self_cgroup.error();
  const auto directory = own_cgroup_directory(mountinfo->value_or(""), self_cgroup->value_or(""));
  if (directory) return *directory;
  return Error{ErrorKind::unavailable, "cgroup v2 is not mounted where this process could see it"};
}

drover::Status clear(const CgroupTree& tree) {
  const auto state = tree.state(kItself);
  if (state && state->populated) {
    log::warning("killing what an earlier supervisor left", {{"cgroup", tree.path()}});
    tree.kill(kItself);
    if (!tree.wait_until_empty(kItself, limits::kSupervisorStopTime)) {
      return Error{ErrorKind::unavailable,
                   "processes in cgroup " + tree.path() + " do not die; end them and start again"};
    }
  }
  for (const std::string& child : tree.children(kItself)) {
    if (const int error = tree.remove(child); error != 0) {
      return system_error("cannot remove cgroup " + tree.path() + "/" + child, error);
    }
  }
  return Done{};
}

}  // namespace

Result<std::unique_ptr<Containment>> CgroupContainment::open(const std::string& identity,
                                                             const std::string& record,
                                                             Spawner& spawner) {
  auto own = own_directory();
  if (!own) return own.error();
  auto tree = CgroupTree::open(*own + "/drover-" + identity, true);
  if (!tree) return tree.error();
  if (auto cleared = clear(*tree); !cleared) return cleared.error();
  if (auto written = write_file_durably(record, tree->path()); !written) return written.error();
  auto top = CgroupTree::open(*own, false);
  if (!top) return top.error();
  CgroupDelegation delegation(std::move(*top), "drover-" + identity + "-supervisor", *tree);
  std::unique_ptr<CgroupContainment> containment(
      new CgroupContainment(std::move(*tree), std::move(delegation)));
  // One attempt's worth of it, to know now rather than at the first task.
  Contained probe;
  Birthplace place;
  if (const Failure failure = containment->prepare(probe, {}, place); failure.error_number != 0) {
    const std::string path = containment->tree_.path();
    containment->delegation_.undo();
    return system_error("cannot use cgroup " + path, failure.error_number);
  }
  spawner.try_birth(place);
  containment->is_clear(probe);
  return std::unique_ptr<Containment>(std::move(containment));
}

Failure CgroupContainment::prepare(Contained& contained, const Resources& resources,
                                   Birthplace& place) {
  if (const int error = take_place(contained, place); error != 0) return {error, "cgroup"};
  const int error = limit(places_.at(contained.place), resources);
  if (error == 0) return {};
  give_back(contained.place, std::nullopt);
  return {error, "resources"};
}

int CgroupContainment::limit(Place& place, const Resources& resources) {
  for (const CgroupFile& file : limit_files(resources, delegation_.enabled())) {
    place.is_spent = true;
    const int error = tree_.set(place.files.name(), file.name, file.content);
    if (error != 0 && !(error == ENOENT && file.may_be_missing)) return error;
  }
  return 0;
}

int CgroupContainment::make_place(Contained& contained) {
  const std::uint32_t number = ++last_place_;
  const std::string name = std::to_string(number);
  if (const int error = tree_.make(name); error != 0) return error;
  places_.try_emplace(number, CgroupFiles(tree_, name));
  contained.place = number;
  return 0;
}

int CgroupContainment::take_place(Contained& contained, Birthplace& birthplace) {
  if (!idle_.empty()) {
    contained.place = idle_.back();
    idle_.pop_back();
  } else if (const int error = make_place(contained); error != 0) {
    return error;
  }
  CgroupFiles& files = places_.at(contained.place).files;
  const auto state = files.state();
  birthplace.cgroup = files.directory();
  if (is_crowded()) birthplace.held = files.close();
  int error = 0;
  if (!state || birthplace.cgroup < 0) error = ENOENT;
  // A process born into a frozen cgroup stands still before exec, and the supervisor with it.
  if (state && state->frozen) error = EBUSY;
  if (error != 0) give_back(contained.place, state);
  return error;
}

void CgroupContainment::signal(const Contained& contained, int signal_number) {
  tree_.signal(places_.at(contained.place).files.name(), signal_number);
}

void CgroupContainment::kill(const Contained& contained) {
  kill_all_in(places_.at(contained.place));
  // A privileged task may have moved itself elsewhere.
  if (contained.pidfd >= 0) signal_pidfd(contained.pidfd, SIGKILL);
}

bool CgroupContainment::ran_out_of_memory(const Contained& contained) {
  Place& place = places_.at(contained.place);
  if (!delegation_.enabled().memory || place.files.out_of_memory_kills() == 0) return false;
  place.is_spent = true;
  return true;
}

std::optional<std::uint64_t> CgroupContainment::cpu_us(const Contained& contained) {
  Place& place = places_.at(contained.place);
  const auto total = place.files.cpu_us();
  if (!total) return std::nullopt;
  place.cpu_last_us = total;
  return *total - std::min(place.cpu_before_us, *total);
}

std::vector<std::string> CgroupContainment::degraded() const {
  std::vector<std::string> lacking;
  if (!delegation_.enabled().cpu) lacking.emplace_back("cpu_limits");
  if (!delegation_.enabled().memory) lacking.emplace_back("memory_limits");
  return lacking;
}

bool CgroupContainment::is_clear(const Contained& contained) {
  Place& place = places_.at(contained.place);
  const auto state = place.files.state();
  if (state && state->populated) {
    kill_all_in(place);
    return false;
  }
  give_back(contained.place, state);
  return true;
}

UniqueFd CgroupContainment::clear_watch(const Contained& contained) {
  return tree_.watch(places_.at(contained.place).files.name());
}

void CgroupContainment::close() {
  for (const std::uint32_t number : idle_) tree_.remove(std::to_string(number));
  idle_.clear();
  ::rmdir(tree_.path().c_str());
  delegation_.undo();
}

void CgroupContainment::kill_all_in(Place& place) {
  place.is_spent = true;
  tree_.kill(place.files.name());
}

// Used again only as it was when it was made.
void CgroupContainment::give_back(std::uint32_t number, std::optional<CgroupState> state) {
  Place& place = places_.at(number);
  if (serves_again(place, state)) {
    if (!place.cpu_last_us) place.cpu_last_us = place.files.cpu_us();
    place.cpu_before_us = std::exchange(place.cpu_last_us, {}).value_or(place.cpu_before_us);
    if (is_crowded()) place.files.close();
    idle_.push_back(number);
    return;
  }
  const std::string name = place.files.name();
  places_.erase(number);
  if (const int error = tree_.remove(name); error != 0) {
    log::warning("cgroup not removed",
                 {{"cgroup", tree_.path() + "/" + name},
                  {"reason", system_error("cannot remove it", error).message}});
  }
}

bool CgroupContainment::serves_again(Place& place, const std::optional<CgroupState>& state) const {
  return !place.is_spent && idle_.size() < limits::kSupervisorIdleCgroups && state &&
         !state->populated && !state->frozen && !place.files.has_children();
}

// Thousands of tasks that run for long must not hold thousands of descriptors.
bool CgroupContainment::is_crowded() const {
  return places_.size() > limits::kSupervisorIdleCgroups;
}

drover::Status clear_recorded_cgroup(const std::string& identity, const std::string& record) {
  auto path = read_file(record);
  if (!path) return path.error();
  // The name shows that it is ours, whatever the file says.
  if (!path->has_value() || !(**path).ends_with("/drover-" + identity)) return Done{};
  auto tree = CgroupTree::open(**path, false);
  if (!tree || !tree->state(kItself)) return Done{};
  if (auto cleared = clear(*tree); !cleared) return cleared;
  ::rmdir((**path).c_str());
  return Done{};
}

}  // namespace drover::supervisor
