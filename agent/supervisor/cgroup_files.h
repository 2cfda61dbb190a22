// What is read of one cgroup for each attempt in it. A file is opened when it is first needed and
// then stays open, as opening one costs several times what reading it does. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "agent/supervisor/cgroup_tree.h"
#include "common/unique_fd.h"

namespace drover::supervisor {

class CgroupFiles {
 public:
  // `tree`, which `name` is a child of, must outlive this.
  CgroupFiles(const CgroupTree& tree, std::string name) : tree_(tree), name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  // The directory as clone3 wants it, which stays this object's; -1: it cannot be opened.
  int directory();

  // Nothing: it cannot be read.
  std::optional<CgroupState> state();
  std::optional<std::uint64_t> cpu_us();
  // 0 as well where that cannot be read.
  std::uint64_t out_of_memory_kills();
  // Whether there are cgroups below it, or nobody knows.
  bool has_children();

  // Until they are needed again. Gives away the directory, if it was open.
  UniqueFd close();

 private:
  const CgroupTree& tree_;
  const std::string name_;
  UniqueFd directory_;
  UniqueFd events_;
  UniqueFd cpu_;
  UniqueFd memory_events_;
};

}  // namespace drover::supervisor
