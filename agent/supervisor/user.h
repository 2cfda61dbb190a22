// Whom a task runs as. Everything is looked up here, before the child exists: in the child only
// plain system calls may be made. One thread.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace drover::supervisor {

struct User {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  // all of them, `gid` included
  std::string name;
  std::string home;
  bool is_own = false;  // without privileges, and already this one: nothing is changed
};

// What step failed, and errno; 0: nothing did.
struct UserLookup {
  User user;
  int error_number = 0;
  const char* failed_step = nullptr;
};

// `text` is a name of this node's users or, where none has that name, a number that one of them
// has. Nobody is ever put in the place of one who cannot be found: "unknown_user" (ENOENT), and
// "user" with errno, EPERM where this process may not become another user. Waits for what the
// node's name services wait for.
UserLookup look_up_user(const std::string& text);

// Lets `user` have the directory `path`, which is the supervisor's user's own or was made over by
// this function before. A directory that two other users were given is open to all, as /tmp is.
// Returns 0 or errno. A link is not followed.
int make_over(const std::string& path, const User& user);

}  // namespace drover::supervisor
