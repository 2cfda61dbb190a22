#include "agent/supervisor/cgroup_location.h"

#include <vector>

namespace drover::supervisor {
namespace {

// Calls `visit` with each line until it returns true.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (visit(text.substr(0, end)) || end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t end = line.find(' ');
    words.push_back(line.substr(0, end));
    if (end == std::string_view::npos) break;
    line.remove_prefix(end + 1);
  }
  return words;
}

bool is_octal(char c) { return c >= '0' && c <= '7'; }

// The kernel writes white space and backslashes of a path as \ooo.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) && is_octal(text[i + 2]) &&
        is_octal(text[i + 3])) {
      plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                 (text[i + 3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

struct Mount {
  std::string root;   // the part of the tree that is mounted
  std::string point;  // where
};

// proc_pid_mountinfo(5): id parent device root point options [tag...] - type source options
std::optional<Mount> cgroup2_mount(std::string_view line) {
  const std::vector<std::string_view> words = words_of(line);
  for (std::size_t i = 6; i + 1 < words.size(); ++i) {
    if (words[i] != "-") continue;
    if (words[i + 1] != "cgroup2") return std::nullopt;
    return Mount{unescaped(words[3]), unescaped(words[4])};
  }
  return std::nullopt;
}

// The line of cgroup v2 is "0::PATH".
std::optional<std::string> path_in_tree(std::string_view self_cgroup) {
  std::optional<std::string> path;
  for_each_line(self_cgroup, [&](std::string_view line) {
    if (!line.starts_with("0::/")) return false;
    path = std::string(line.substr(3));
    return true;
  });
  return path;
}

// `path` as seen from `root`; nothing when it lies outside.
std::optional<std::string> below(const std::string& root, const std::string& path) {
  if (root == "/") return path == "/" ? "" : path;
  if (path == root) return "";
  if (path.starts_with(root + "/")) return path.substr(root.size());
  return std::nullopt;
}

}  // namespace

std::optional<std::string> own_cgroup_directory(std::string_view mountinfo,
                                                std::string_view self_cgroup) {
  const std::optional<std::string> path = path_in_tree(self_cgroup);
  // "/.." is how the kernel shows a cgroup outside of the namespace's root.
  if (!path || path->starts_with("/..")) return std::nullopt;
  std::optional<std::string> directory;
  for_each_line(mountinfo, [&](std::string_view line) {
    const std::optional<Mount> mount = cgroup2_mount(line);
    if (!mount) return false;
    const std::optional<std::string> inside = below(mount->root, *path);
    if (inside) directory = mount->point + *inside;
    return inside.has_value();
  });
  return directory;
}

}  // namespace drover::supervisor
