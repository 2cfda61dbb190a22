#include "tests/chaos/account.h"

#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/chaos/charges.h"
#include "tests/chaos/told.h"
#include "tests/support/process.h"

namespace drover::test {
namespace {

constexpr int kMost = 3;        // instances in one message
constexpr int kMostMarks = 20;  // of one instance; some mark all the time

void write_time(std::ostream& out, const char* what, const std::optional<BootMs>& when) {
  if (!when) return;
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", static_cast<double>(*when) / 1000);
  out << ", " << what << " at " << text;
}

void write_marks(std::ostream& out, const std::string& file, const std::string& id) {
  std::ifstream lines(file);
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(id) != std::string::npos && ++count <= kMostMarks) out << "  " << line << "\n";
  }
  if (count > kMostMarks) out << "  and " << count - kMostMarks << " more\n";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Account& account) {
  out << account.deployment.work.name << " " << account.id;
  write_time(out, "stop asked", account.deployment.stop_asked);
  write_time(out, "acknowledged", account.deployment.stop_acknowledged);
  out << "\nthe master: " << account.cluster.get("/api/v1/instances/" + account.id).body
      << "\nits tasks:\n";
  write_marks(out, account.marks, account.id);
  return out << "the logs:\n" << account.cluster.log_lines(account.id);
}

std::string account_of_the_rest(const Cluster& cluster, const Records& records,
                                const std::string& marks, const std::string& token) {
  std::ostringstream text;
  text << cluster.get("/api/v1/cluster").body << "\n";
  int count = 0;
  for (const auto& [id, deployment] : records.deployments) {
    if (told_of(cluster, id).is_over() || ++count > kMost) continue;
    text << Account{cluster, deployment, marks, id};
  }
  if (count > kMost) text << "and " << count - kMost << " more instances\n";
  count = 0;
  for (const Copy& copy : live_copies(token)) {
    if (++count > kMost) continue;
    const auto known = records.deployments.find(copy.instance);
    text << "process " << copy.pid << " of " << copy.allocation << " on node " << copy.node << "\n";
    if (known == records.deployments.end()) {
      text << "whose client had no answer\n" << Account{cluster, {}, marks, copy.instance};
    }
  }
  if (count > kMost) text << "and " << count - kMost << " more processes\n";
  return text.str();
}

}  // namespace drover::test
