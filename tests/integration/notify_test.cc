// What the programs tell systemd: readiness, signs of life, the beginning of the end.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>
#include <cstring>

#include "common/unique_fd.h"
#include "tests/support/cluster.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace drover::test {
namespace {

const std::string kBin = DROVER_BIN_DIR;

class Notify : public testing::Test {
 protected:
  void SetUp() override {
    socket_.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_ = directory_ / "notify";
    ASSERT_LT(path_.size(), sizeof address.sun_path);
    std::memcpy(address.sun_path, path_.c_str(), path_.size());
    ASSERT_EQ(0,
              ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
  }

  // As a unit with WatchdogSec would set them.
  std::map<std::string, std::string> environment() const {
    return {{"NOTIFY_SOCKET", path_}, {"WATCHDOG_USEC", "200000"}};
  }

  // The next message is `wanted`, others in between left out.
  bool hears(const std::string& wanted) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < until) {
      pollfd readable{socket_.get(), POLLIN, 0};
      if (::poll(&readable, 1, 1000) <= 0) continue;
      char buffer[256];
      const ssize_t count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
      if (count > 0 && std::string(buffer, static_cast<std::size_t>(count)) == wanted) return true;
    }
    return false;
  }

  void follows_the_protocol(const std::vector<std::string>& arguments) {
    Process process(arguments, environment());
    EXPECT_TRUE(hears("READY=1")) << process.output();
    EXPECT_TRUE(hears("WATCHDOG=1")) << process.output();
    EXPECT_TRUE(hears("WATCHDOG=1")) << process.output();
    process.signal(SIGTERM);
    EXPECT_TRUE(hears("STOPPING=1")) << process.output();
    EXPECT_EQ(0, process.wait()) << process.output();
  }

  TempDir directory_;
  UniqueFd socket_;
  std::string path_;
};

TEST_F(Notify, TheMaster) {
  follows_the_protocol({kBin + "/drover-master", "--data-dir", directory_ / "data", "--http-listen",
                        "127.0.0.1:0", "--agent-listen", "127.0.0.1:0"});
}

TEST_F(Notify, TheSupervisor) {
  follows_the_protocol({kBin + "/drover-supervisor", "--socket", directory_ / "supervisor.sock"});
}

TEST_F(Notify, TheAgentBesideASupervisorOfItsOwnUnit) {
  Process supervisor({kBin + "/drover-supervisor", "--socket", directory_ / "supervisor.sock"});
  ASSERT_TRUE(supervisor.await_line(" ready "));
  follows_the_protocol({kBin + "/drover-agent", "--master", "127.0.0.1:1", "--state-dir",
                        directory_ / "state", "--advertise-ip", "127.0.0.1", "--supervisor-socket",
                        directory_ / "supervisor.sock", "--no-start-supervisor"});
  supervisor.signal(SIGTERM);
  EXPECT_EQ(0, supervisor.wait());
}

}  // namespace
}  // namespace drover::test
