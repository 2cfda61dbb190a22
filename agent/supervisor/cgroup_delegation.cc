#include "agent/supervisor/cgroup_delegation.h"

#include <cerrno>
#include <utility>

#include "common/log.h"

namespace drover::supervisor {
namespace {

constexpr const char* kItself = ".";
constexpr const char* kControl = "cgroup.subtree_control";
constexpr const char* kProcesses = "cgroup.procs";
constexpr const char* kMyself = "0";  // written to cgroup.procs

}  // namespace

CgroupDelegation::CgroupDelegation(CgroupTree own, std::string leaf, const CgroupTree& tasks)
    : own_(std::move(own)), leaf_(std::move(leaf)) {
  const Controllers available =
      parse_controllers(own_.text(kItself, "cgroup.controllers").value_or(""));
  if ((available.cpu || available.memory) && make_room()) {
    enabled_.cpu = available.cpu && enable(tasks, "cpu");
    enabled_.memory = available.memory && enable(tasks, "memory");
  }
  if (in_leaf_ && !enabled_.cpu && !enabled_.memory) leave_leaf();
  if (enabled_.cpu && enabled_.memory) return;
  log::warning("not all limits can be enforced",
               {{"cgroup", own_.path()},
                {"cpu_limits", enabled_.cpu},
                {"memory_limits", enabled_.memory},
                {"remedy",
                 "delegate a cgroup v2 with the controllers cpu and memory to the "
                 "supervisor alone, as its unit does"}});
}

bool CgroupDelegation::make_room() {
  const bool is_root = !own_.text(kItself, "cgroup.type");
  if (is_root || !is_occupied()) return true;
  int error = move_to_leaf();
  if (error == 0 && is_occupied()) {
    leave_leaf();
    error = EBUSY;
  }
  if (error == 0) return true;
  log::warning("controllers not to be had",
               {{"cgroup", own_.path()},
                {"reason", system_error("cannot clear it of processes", error).message}});
  return false;
}

bool CgroupDelegation::is_occupied() const {
  return !own_.text(kItself, kProcesses).value_or("").empty();
}

bool CgroupDelegation::enable(const CgroupTree& tasks, const char* controller) {
  const std::string change = std::string("+") + controller;
  int error = own_.set(kItself, kControl, change);
  if (error == 0) error = tasks.set(kItself, kControl, change);
  if (error == 0) return true;
  log::warning("controller not to be had",
               {{"controller", controller},
                {"cgroup", own_.path()},
                {"reason", system_error("cannot enable it", error).message}});
  return false;
}

int CgroupDelegation::move_to_leaf() {
  if (const int error = own_.make(leaf_); error != 0 && error != EEXIST) return error;
  if (const int error = own_.set(leaf_, kProcesses, kMyself); error != 0) {
    own_.remove(leaf_);
    return error;
  }
  in_leaf_ = true;
  return 0;
}

void CgroupDelegation::leave_leaf() {
  if (own_.set(kItself, kProcesses, kMyself) != 0) return;
  in_leaf_ = false;
  own_.remove(leaf_);
}

void CgroupDelegation::undo() {
  if (!in_leaf_) return;
  if (enabled_.cpu) own_.set(kItself, kControl, "-cpu");
  if (enabled_.memory) own_.set(kItself, kControl, "-memory");
  enabled_ = {};
  leave_leaf();
}

}  // namespace drover::supervisor
