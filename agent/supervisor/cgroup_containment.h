// A cgroup for each attempt, below the supervisor's own:
//
//   <own cgroup>/drover-<identity>/<place>
//
// Making and removing a cgroup costs as much as a process does, so an empty one is used again,
// unless it had to be emptied by force or was limited.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "agent/supervisor/cgroup_delegation.h"
#include "agent/supervisor/cgroup_tree.h"
#include "agent/supervisor/containment.h"

namespace drover::supervisor {

class CgroupContainment final : public Containment {
 public:
  // Takes over <own cgroup>/drover-<identity>, whose path is kept in the file `record`: a later
  // supervisor finds the place there even if it runs elsewhere in the tree. An error means that
  // cgroup v2 cannot be used here.
  static Result<std::unique_ptr<Containment>> open(const std::string& identity,
                                                   const std::string& record, Spawner& spawner);

  Failure prepare(Contained& contained, const Resources& resources, Birthplace& place) override;
  void signal(const Contained& contained, int signal_number) override;
  void kill(const Contained& contained) override;
  void main_ended(const Contained&) override {}
  bool ran_out_of_memory(const Contained& contained) override;
  bool is_clear(const Contained& contained) override;
  UniqueFd clear_watch(const Contained& contained) override;
  std::vector<std::string> degraded() const override;
  void close() override;

 private:
  CgroupContainment(CgroupTree tree, CgroupDelegation delegation)
      : tree_(std::move(tree)), delegation_(std::move(delegation)) {}
  int take_place(Contained& contained, Birthplace& place);
  int limit(std::uint32_t place, const Resources& resources);
  void kill_all_in(std::uint32_t place);
  void give_back(std::uint32_t place, std::optional<CgroupState> state);

  CgroupTree tree_;
  CgroupDelegation delegation_;
  std::vector<std::uint32_t> idle_;  // places that exist, empty
  // Not to be used again. Where cgroup.kill was used, a child born there later might be killed as
  // well; where limits were set or memory ran out, traces are left.
  std::unordered_set<std::uint32_t> spent_;
  std::uint32_t last_place_ = 0;
};

// Kills all that lives in the cgroup recorded by an earlier supervisor, and removes it. Nothing
// happens when there is none.
drover::Status clear_recorded_cgroup(const std::string& identity, const std::string& record);

}  // namespace drover::supervisor
