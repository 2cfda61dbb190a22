#include "agent/state/directories.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>

#include "common/files.h"
#include "common/limits.h"
#include "common/log.h"

namespace drover::agent::state {
namespace {

namespace fs = std::filesystem;

using TimesById = std::map<AllocationId, fs::file_time_type>;

// Adds the newest change of each allocation's directory under `parent`.
Status scan(const std::string& parent, TimesById& times) {
  std::error_code error;
  for (auto entry = fs::directory_iterator(parent, error); !error && entry != fs::end(entry);
       entry.increment(error)) {
    const auto id = AllocationId::parse(entry->path().filename().string());
    if (!id) continue;
    std::error_code ignored;
    auto& newest = times.try_emplace(*id, fs::file_time_type::min()).first->second;
    newest = std::max(newest, entry->last_write_time(ignored));
  }
  if (error) return system_error("cannot read directory " + parent, error.value());
  return Done{};
}

void remove_tree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) {
    log::warning("cannot remove directory", {{"path", path}, {"cause", error.message()}});
  }
}

}  // namespace

Status Directories::open(const std::set<AllocationId>& held) {
  if (auto opened = spares_.open(); !opened) return opened;
  TimesById times;
  for (const std::string& parent : {layout_.work(), layout_.output()}) {
    if (auto made = ensure_directory(parent); !made) return made;
    if (auto scanned = scan(parent, times); !scanned) return scanned;
  }
  std::vector<std::pair<fs::file_time_type, AllocationId>> by_age;
  for (const auto& [id, time] : times) {
    if (!held.contains(id)) by_age.emplace_back(time, id);
  }
  std::sort(by_age.begin(), by_age.end());
  for (const auto& [time, id] : by_age) retired_.push_back(id);
  prune();
  return Done{};
}

Status Directories::make_work(const AllocationId& id, bool for_users) {
  if (for_users) open_ways();
  const std::string path = layout_.work_of(id);
  if (spares_.take(path)) return Done{};
  if (::mkdir(path.c_str(), SpareDirectories::kMode) != 0 && errno != EEXIST) {
    return system_error("cannot make directory " + path, errno);
  }
  return Done{};
}

// They can pass through, and list nothing. Every file there is the agent's user's alone.
void Directories::open_ways() {
  if (ways_are_open_) return;
  ways_are_open_ = true;
  for (const std::string& path : {layout_.root, layout_.work()}) {
    if (::chmod(path.c_str(), 0711) == 0) continue;
    log::warning("directory not opened to tasks of other users",
                 {{"path", path}, {"cause", system_error("chmod", errno).message}});
  }
}

void Directories::retire(const AllocationId& id) {
  const std::string work = layout_.work_of(id);
  const bool work_left = !spares_.give_back(work) && ::rmdir(work.c_str()) != 0 && errno != ENOENT;
  const bool output_left = ::access(layout_.output_of(id).c_str(), F_OK) == 0;
  if (!work_left && !output_left) return;
  retired_.push_back(id);
  prune();
}

void Directories::drop_output(const AttemptId& id) {
  for (const char* stream : {".stdout", ".stderr"}) {
    const std::string path = layout_.output_of(id) + stream;
    ::unlink(path.c_str());
    for (std::uint32_t number = 1; number < limits::kMostOutputFiles; ++number) {
      if (::unlink((path + '.' + std::to_string(number)).c_str()) != 0) break;
    }
  }
}

void Directories::prune() {
  while (retired_.size() > kept_) {
    remove_tree(layout_.work_of(retired_.front()));
    remove_tree(layout_.output_of(retired_.front()));
    retired_.pop_front();
  }
}

}  // namespace drover::agent::state
