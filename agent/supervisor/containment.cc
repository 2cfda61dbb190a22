#include "agent/supervisor/containment.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "agent/supervisor/cgroup_containment.h"
#include "agent/supervisor/group_containment.h"
#include "common/log.h"

namespace drover::supervisor {
namespace {

// FNV-1a, 64 bits.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

}  // namespace

Result<ContainmentMode> parse_containment_mode(std::string_view text) {
  if (text == "auto") return ContainmentMode::automatic;
  if (text == "cgroup") return ContainmentMode::cgroup;
  if (text == "process-group") return ContainmentMode::process_group;
  return Error{ErrorKind::invalid, "--containment " + std::string(text) +
                                       " is not known; use auto, cgroup or process-group"};
}

// Not the path's text: two roots or containers may use the same one on one machine.
Result<std::string> identity_of(const std::string& socket_path) {
  const std::filesystem::path path(socket_path);
  const std::string directory = path.has_parent_path() ? path.parent_path().string() : ".";
  struct stat info {};
  if (::stat(directory.c_str(), &info) != 0) {
    return system_error("cannot look at directory " + directory, errno);
  }
  const std::string name = std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino) + ":" +
                           path.filename().string();
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash_of(name)));
  return std::string(text);
}

Result<std::unique_ptr<Containment>> open_containment(ContainmentMode mode,
                                                      const std::string& socket_path,
                                                      Spawner& spawner) {
  auto identity = identity_of(socket_path);
  if (!identity) return identity.error();
  const std::string record = socket_path + ".cgroup";
  // Whichever way the earlier one kept its tasks.
  if (auto cleared = clear_recorded_cgroup(*identity, record); !cleared) return cleared.error();
  if (auto cleared = clear_marked_processes(*identity); !cleared) return cleared.error();
  if (mode != ContainmentMode::process_group) {
    auto opened = CgroupContainment::open(*identity, record, spawner);
    if (opened || mode == ContainmentMode::cgroup) return opened;
    log::warning(
        "tasks are contained by process groups only",
        {{"reason", opened.error().message}, {"remedy", "delegate a cgroup v2 to this service"}});
  }
  return std::unique_ptr<Containment>(std::make_unique<GroupContainment>(*identity));
}

}  // namespace drover::supervisor
