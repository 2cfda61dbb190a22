// A real drover-supervisor with an agent's end of its socket, in verbs.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/supervisor/client.h"
#include "common/unique_fd.h"
#include "tests/support/temp_dir.h"

namespace drover::supervisor {

// A process that cannot be mistaken for a later one.
class Watched {
 public:
  explicit Watched(pid_t pid);
  pid_t pid() const { return pid_; }
  bool is_gone() const { return gone_within(0); }
  bool goes() const;  // within the time that a test waits
  void signal(int signal_number) const;

 private:
  bool gone_within(int timeout_ms) const;
  pid_t pid_;
  UniqueFd pidfd_;
};

// The parameter is the containment.
class SupervisorTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;
  void TearDown() override;

  // --- the supervisor
  void start_supervisor();
  void attach();  // as a new agent; forgets what the last one was told
  void detach() { client_.reset(); }
  Watched supervisor() const { return Watched(snapshot_.supervisor_pid()); }
  void stop_supervisor();   // SIGTERM, and waits
  void crash_supervisor();  // SIGKILL, and waits
  // Stops another one, that listens at this socket.
  static void stop_supervisor_at(const std::string& other_socket);
  std::string supervisor_log() const;
  const Snapshot& snapshot() const { return snapshot_; }
  // Whether the supervisor says that it cannot do this.
  bool lacks(const std::string& word) const;
  std::string socket() const { return directory_ / "socket"; }

  // --- requests; they are sent together by the next await
  Spawn command(const std::string& key, std::vector<std::string> words) const;
  void spawn(const Spawn& request);
  void spawn(const std::string& key, std::vector<std::string> words);
  void probe(const std::string& key, const std::string& what, const std::string& argument = "");
  void signal(const std::string& key, int signal_number);
  void kill(const std::string& key);
  void forget(const std::string& key);
  // A probe that may live until the fence, and so long after it.
  void fenced_probe(const std::string& key, std::int64_t grace_ms, const std::string& what,
                    const std::string& argument);
  void fence(std::int64_t steady_ms);
  // Sends, and waits until every request so far has been obeyed.
  void settle();

  // --- what is told
  Status await_running(const std::string& key);
  Status await_end(const std::string& key);
  Status run(const std::string& key, std::vector<std::string> words);
  // Spawns it, sees it end with 0, and returns its output.
  std::string printed_by(const Spawn& request);
  // The last that is known; nothing when the key was never told of.
  std::optional<Status> known(const std::string& key) const;
  int told(const std::string& key) const;  // how many times
  // True when the connection ends within the time that a test waits.
  bool connection_ends();

  // --- what a task does
  std::string make_fifo(const std::string& name) const;
  Watched await_report(const std::string& fifo) const;  // of a probe that stays
  std::string output(const std::string& key, const std::string& suffix = "") const;
  std::string output_path(const std::string& key) const { return directory_ / ("out/" + key); }
  const TempDir& directory() const { return directory_; }

  // --- what the supervisor holds
  // Without those of cgroups that are kept for the next tasks, which are bounded.
  int open_descriptors() const;
  int child_count() const;  // zombies included
  // A killed daemon may be told of a moment before it is reaped.
  void await_no_children();

  SupervisorClient& client() { return *client_; }

 private:
  void send(const Request& request);
  void await(const std::function<bool()>& done);
  void note(const Event& event);
  void flush();

  TempDir directory_;
  std::optional<SupervisorClient> client_;
  Snapshot snapshot_;
  bool has_snapshot_ = false;
  std::map<std::string, Status> statuses_;
  std::map<std::string, int> told_;
  int settled_ = 0;
};

// Every test of `Fixture` runs with both kinds.
inline std::string containment_test_name(const testing::TestParamInfo<std::string>& tested) {
  return tested.param == "cgroup" ? "Cgroup" : "Group";
}
#define DROVER_WITH_BOTH_CONTAINMENTS(Fixture)                                               \
  INSTANTIATE_TEST_SUITE_P(Containment, Fixture, testing::Values("cgroup", "process-group"), \
                           containment_test_name)

}  // namespace drover::supervisor
