// Where this process stands in the tree of cgroup v2. Pure: works on the kernel's texts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace drover::supervisor {

// The directory of the own cgroup, from the contents of /proc/self/mountinfo and
// /proc/self/cgroup. Works for the unified and for the hybrid layout, and where only a part of
// the tree is mounted. Nothing: there is no cgroup v2 that this process can see itself in.
std::optional<std::string> own_cgroup_directory(std::string_view mountinfo,
                                                std::string_view self_cgroup);

}  // namespace drover::supervisor
