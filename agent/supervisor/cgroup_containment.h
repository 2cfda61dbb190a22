// A cgroup for each attempt, below the supervisor's own:
//
//   <own cgroup>/drover-<identity>/<place>
//
// Making and removing a cgroup costs as much as a process does, so an empty one is used again,
// unless it had to be emptied by force or was limited. As long as there are few, their files stay
// open.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "agent/supervisor/cgroup_delegation.h"
#include "agent/supervisor/cgroup_files.h"
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
  std::optional<std::uint64_t> cpu_us(const Contained& contained) override;
  bool is_clear(const Contained& contained) override;
  UniqueFd clear_watch(const Contained& contained) override;
  std::vector<std::string> degraded() const override;
  std::string cgroup() const override { return tree_.path(); }
  void close() override;

 private:
  CgroupContainment(CgroupTree tree, CgroupDelegation delegation)
      : tree_(std::move(tree)), delegation_(std::move(delegation)) {}

  struct Place {
    explicit Place(CgroupFiles its_files) : files(std::move(its_files)) {}

    CgroupFiles files;
    // Not to be used again. Where cgroup.kill was used, a child born there later might be killed
    // as well; where limits were set or memory ran out, traces are left.
    bool is_spent = false;
    // Processor time that the kernel has counted there, of all attempts that there were.
    std::uint64_t cpu_before_us = 0;           // up to the attempt that is there
    std::optional<std::uint64_t> cpu_last_us;  // as it was read last
  };

  int take_place(Contained& contained, Birthplace& birthplace);
  int make_place(Contained& contained);
  int limit(Place& place, const Resources& resources);
  void kill_all_in(Place& place);
  void give_back(std::uint32_t number, std::optional<CgroupState> state);
  bool serves_again(Place& place, const std::optional<CgroupState>& state) const;
  bool is_crowded() const;  // files do not stay open

  CgroupTree tree_;
  CgroupDelegation delegation_;
  std::unordered_map<std::uint32_t, Place> places_;  // all that there are
  std::vector<std::uint32_t> idle_;                  // of these, empty
  std::uint32_t last_place_ = 0;
};

// Kills all that lives in the cgroup recorded by an earlier supervisor, and removes it. Nothing
// happens when there is none.
drover::Status clear_recorded_cgroup(const std::string& identity, const std::string& record);

}  // namespace drover::supervisor
