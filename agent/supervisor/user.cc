#include "agent/supervisor/user.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>

#include "common/unique_fd.h"

namespace drover::supervisor {
namespace {

constexpr std::size_t kLargestEntry = 1024 * 1024;  // of the user database
constexpr int kMostGroups = 65'536;                 // NGROUPS_MAX

struct Entry {
  std::optional<User> user;
  int error_number = 0;  // 0 without a user: there is none
};

bool means_missing(int error_number) {
  // What getpwnam(3) names for "not found".
  return error_number == 0 || error_number == ENOENT || error_number == ESRCH ||
         error_number == EBADF || error_number == EPERM;
}

// `ask` is one of the getpw functions: (passwd*, buffer, size, passwd**) -> errno.
template <class Ask>
Entry look_up(Ask ask) {
  for (std::size_t size = 4096; size <= kLargestEntry; size *= 2) {
    std::vector<char> buffer(size);
    passwd entry{};
    passwd* found = nullptr;
    const int error = ask(&entry, buffer.data(), buffer.size(), &found);
    if (error == ERANGE || error == EINTR) continue;
    if (found == nullptr) return {std::nullopt, means_missing(error) ? 0 : error};
    User user;
    user.uid = entry.pw_uid;
    user.gid = entry.pw_gid;
    user.name = entry.pw_name;
    user.home = entry.pw_dir;
    return {std::move(user), 0};
  }
  return {std::nullopt, ERANGE};
}

std::optional<uid_t> number_of(const std::string& text) {
  uid_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || at != end) return std::nullopt;
  return number;
}

Entry find_user(const std::string& text) {
  Entry named = look_up([&](passwd* entry, char* buffer, std::size_t size, passwd** found) {
    return ::getpwnam_r(text.c_str(), entry, buffer, size, found);
  });
  const auto number = number_of(text);
  if (named.user || named.error_number != 0 || !number) return named;
  return look_up([&](passwd* entry, char* buffer, std::size_t size, passwd** found) {
    return ::getpwuid_r(*number, entry, buffer, size, found);
  });
}

int fill_groups(User& user) {
  int count = 64;
  for (;;) {
    user.groups.resize(static_cast<std::size_t>(count));
    const int found = ::getgrouplist(user.name.c_str(), user.gid, user.groups.data(), &count);
    if (found >= 0) {
      user.groups.resize(static_cast<std::size_t>(found));
      return 0;
    }
    if (user.groups.size() >= kMostGroups) return EINVAL;
    count = std::clamp(count, static_cast<int>(user.groups.size()) * 2, kMostGroups);
  }
}

}  // namespace

UserLookup look_up_user(const std::string& text) {
  if (text.find('\0') != std::string::npos) return {{}, EINVAL, "request"};
  Entry entry = find_user(text);
  if (entry.error_number != 0) return {{}, entry.error_number, "user"};
  if (!entry.user) return {{}, ENOENT, "unknown_user"};
  User& user = *entry.user;
  // The kernel takes -1 for "leave it as it is", which would be our own.
  if (user.uid == static_cast<uid_t>(-1) || user.gid == static_cast<gid_t>(-1)) {
    return {{}, EINVAL, "user"};
  }
  if (::geteuid() != 0) {
    if (user.uid != ::geteuid()) return {{}, EPERM, "user"};
    user.is_own = true;
    return {std::move(user), 0, nullptr};
  }
  if (const int error = fill_groups(user); error != 0) return {{}, error, "user"};
  return {std::move(user), 0, nullptr};
}

int make_over(const std::string& path, const User& user) {
  const UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory) return errno;
  struct stat info {};
  if (::fstat(directory.get(), &info) != 0) return errno;
  if (info.st_uid == user.uid || user.uid == 0) return 0;
  if (info.st_uid == ::geteuid()) {
    return ::fchown(directory.get(), user.uid, user.gid) == 0 ? 0 : errno;
  }
  return ::fchmod(directory.get(), 01777) == 0 ? 0 : errno;
}

}  // namespace drover::supervisor
