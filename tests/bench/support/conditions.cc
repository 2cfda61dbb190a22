#include "tests/bench/support/conditions.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace drover::bench {
namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string kernel() {
  utsname names{};
  return ::uname(&names) == 0 ? std::string(names.sysname) + " " + names.release : "unknown";
}

double load() {
  double last_minute = 0;
  ::getloadavg(&last_minute, 1);
  return last_minute;
}

// Of the source tree that this program was built from.
std::string revision() {
  const std::string command =
      "git -C '" DROVER_SOURCE_DIR "' describe --always --dirty --abbrev=7 2>/dev/null";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "re"),
                                                             ::pclose);
  std::array<char, 128> line{};
  if (!pipe || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return "";
  std::string text = line.data();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

boost::json::object machine_conditions() {
  return {{"cores", std::thread::hardware_concurrency()},
          {"cpu", cpu_model()},
          {"kernel", kernel()},
          {"load", load()},
          {"build", DROVER_BUILD_TYPE},
          {"revision", revision()}};
}

namespace {

// Without one, a write that is synced costs less, and a file that is made may cost far more: the
// numbers of those that were deleted lately are passed over one by one.
bool has_journal(const std::string& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) return false;
  std::ifstream device("/sys/dev/block/" + std::to_string(major(status.st_dev)) + ":" +
                       std::to_string(minor(status.st_dev)) + "/uevent");
  for (std::string line; std::getline(device, line);) {
    if (!line.starts_with("DEVNAME=")) continue;
    return std::filesystem::exists("/proc/fs/jbd2/" + line.substr(line.find('=') + 1) + "-8");
  }
  return false;
}

}  // namespace

std::string file_system_of(const std::string& directory) {
  struct statfs status {};
  if (::statfs(directory.c_str(), &status) != 0) throw std::runtime_error("no " + directory);
  switch (status.f_type) {
    case EXT4_SUPER_MAGIC:
      return has_journal(directory) ? "ext4" : "ext4 without a journal";
    case TMPFS_MAGIC:
      return "tmpfs";
    case XFS_SUPER_MAGIC:
      return "xfs";
    case BTRFS_SUPER_MAGIC:
      return "btrfs";
    case OVERLAYFS_SUPER_MAGIC:
      return "overlayfs";
    default:
      std::ostringstream number;
      number << std::hex << "0x" << status.f_type;
      return number.str();
  }
}

}  // namespace drover::bench
