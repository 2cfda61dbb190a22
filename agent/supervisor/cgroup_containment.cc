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

std::string name_of(std::uint32_t place) { return std::to_string(place); }

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
  const int error = limit(contained.place, resources);
  if (error == 0) return {};
  give_back(contained.place, std::nullopt);
  return {error, "resources"};
}

int CgroupContainment::limit(std::uint32_t place, const Resources& resources) {
  for (const CgroupFile& file : limit_files(resources, delegation_.enabled())) {
    spent_.insert(place);
    const int error = tree_.set(name_of(place), file.name, file.content);
    if (error != 0 && !(error == ENOENT && file.may_be_missing)) return error;
  }
  return 0;
}

int CgroupContainment::take_place(Contained& contained, Birthplace& place) {
  if (idle_.empty()) {
    contained.place = ++last_place_;
    if (const int error = tree_.make(name_of(contained.place)); error != 0) return error;
  } else {
    contained.place = idle_.back();
    idle_.pop_back();
  }
  const std::string name = name_of(contained.place);
  const auto state = tree_.state(name);
  place.cgroup = tree_.open_child(name);
  int error = 0;
  if (!state || !place.cgroup) error = ENOENT;
  // A process born into a frozen cgroup stands still before exec, and the supervisor with it.
  if (state && state->frozen) error = EBUSY;
  if (error != 0) give_back(contained.place, state);
  return error;
}

void CgroupContainment::signal(const Contained& contained, int signal_number) {
  tree_.signal(name_of(contained.place), signal_number);
}

void CgroupContainment::kill(const Contained& contained) {
  kill_all_in(contained.place);
  // A privileged task may have moved itself elsewhere.
  if (contained.pidfd >= 0) signal_pidfd(contained.pidfd, SIGKILL);
}

bool CgroupContainment::ran_out_of_memory(const Contained& contained) {
  if (!delegation_.enabled().memory) return false;
  const auto events = tree_.text(name_of(contained.place), "memory.events");
  if (parse_out_of_memory_kills(events.value_or("")) == 0) return false;
  spent_.insert(contained.place);
  return true;
}

std::optional<std::uint64_t> CgroupContainment::cpu_us(const Contained& contained) {
  const auto total = read_cpu_us(contained.place);
  if (!total) return std::nullopt;
  CpuCount& count = cpu_[contained.place];
  count.last_us = total;
  return *total - std::min(count.before_us, *total);
}

std::optional<std::uint64_t> CgroupContainment::read_cpu_us(std::uint32_t place) const {
  return parse_cpu_us(tree_.text(name_of(place), "cpu.stat").value_or(""));
}

std::vector<std::string> CgroupContainment::degraded() const {
  std::vector<std::string> lacking;
  if (!delegation_.enabled().cpu) lacking.emplace_back("cpu_limits");
  if (!delegation_.enabled().memory) lacking.emplace_back("memory_limits");
  return lacking;
}

bool CgroupContainment::is_clear(const Contained& contained) {
  const std::string name = name_of(contained.place);
  const auto state = tree_.state(name);
  if (state && state->populated) {
    kill_all_in(contained.place);
    return false;
  }
  give_back(contained.place, state);
  return true;
}

UniqueFd CgroupContainment::clear_watch(const Contained& contained) {
  return tree_.watch(name_of(contained.place));
}

void CgroupContainment::close() {
  for (const std::uint32_t place : idle_) tree_.remove(name_of(place));
  idle_.clear();
  ::rmdir(tree_.path().c_str());
  delegation_.undo();
}

void CgroupContainment::kill_all_in(std::uint32_t place) {
  spent_.insert(place);
  tree_.kill(name_of(place));
}

// Used again only as it was when it was made.
void CgroupContainment::give_back(std::uint32_t place, std::optional<CgroupState> state) {
  const std::string name = name_of(place);
  const bool is_spent = spent_.erase(place) > 0;
  if (!is_spent && idle_.size() < limits::kSupervisorIdleCgroups && state && !state->populated &&
      !state->frozen && !tree_.has_children(name)) {
    CpuCount& count = cpu_[place];
    if (!count.last_us) count.last_us = read_cpu_us(place);
    count = {count.last_us.value_or(count.before_us), std::nullopt};
    idle_.push_back(place);
    return;
  }
  cpu_.erase(place);
  if (const int error = tree_.remove(name); error != 0) {
    log::warning("cgroup not removed",
                 {{"cgroup", tree_.path() + "/" + name},
                  {"reason", system_error("cannot remove it", error).message}});
  }
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
