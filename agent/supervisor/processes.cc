#include "agent/supervisor/processes.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <unordered_set>

#include "agent/supervisor/pidfd.h"
#include "common/files.h"

namespace drover::supervisor {
namespace {

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// The part of `text` up to the separator, which is cut off with it.
std::string_view take_word(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::string file_of(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

std::string text_of(const std::string& path) {
  auto text = read_file(path);
  return text && text->has_value() ? std::move(**text) : std::string();
}

}  // namespace

std::optional<ProcessStat> process_stat(pid_t pid) {
  return parse_process_stat(text_of(file_of(pid, "stat")));
}

std::vector<ProcessStat> all_processes() {
  std::vector<ProcessStat> all;
  struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };
  const std::unique_ptr<DIR, CloseDirectory> proc(::opendir("/proc"));
  if (!proc) return all;
  while (const dirent* entry = ::readdir(proc.get())) {
    pid_t pid = 0;
    if (!parse_number(std::string_view(entry->d_name), pid)) continue;
    if (const auto info = process_stat(pid)) all.push_back(*info);
  }
  return all;
}

std::vector<pid_t> own_children() {
  std::vector<pid_t> children;
  const pid_t self = ::getpid();
  // There only if the kernel was built with CONFIG_PROC_CHILDREN, as most are.
  auto listed = read_file("/proc/self/task/" + std::to_string(self) + "/children");
  if (listed && listed->has_value()) {
    std::string_view rest = **listed;
    while (!rest.empty()) {
      pid_t pid = 0;
      if (parse_number(take_word(rest, ' '), pid)) children.push_back(pid);
    }
    return children;
  }
  for (const ProcessStat& info : all_processes()) {
    if (info.parent == self) children.push_back(info.pid);
  }
  return children;
}

std::vector<ProcessStat> descendants(const std::vector<ProcessStat>& all,
                                     const std::vector<pid_t>& roots) {
  std::unordered_set<pid_t> family(roots.begin(), roots.end());
  // Parents come in any order: go over the table until nobody is new.
  for (bool grew = true; grew;) {
    grew = false;
    for (const ProcessStat& info : all) {
      if (family.contains(info.parent) && family.insert(info.pid).second) grew = true;
    }
  }
  std::vector<ProcessStat> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const ProcessStat& info) { return family.contains(info.pid); });
  return found;
}

std::string environment_entry(pid_t pid, std::string_view prefix) {
  const std::string environment = text_of(file_of(pid, "environ"));
  std::string_view rest = environment;
  while (!rest.empty()) {
    const std::string_view entry = take_word(rest, '\0');
    if (entry.starts_with(prefix)) return std::string(entry);
  }
  return {};
}

void signal_process(const ProcessStat& info, int signal_number) {
  const UniqueFd pidfd = open_pidfd(info.pid);
  if (!pidfd) return;
  // Still the same one: from here on the pidfd keeps it so.
  const auto now = process_stat(info.pid);
  if (now && now->start_ticks == info.start_ticks) signal_pidfd(pidfd.get(), signal_number);
}

}  // namespace drover::supervisor
