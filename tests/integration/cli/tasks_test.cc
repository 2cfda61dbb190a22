// What is asked of tasks that run, and of instances that have ended: drover restart, signal, rm.
#include <gmock/gmock.h>

#include "tests/integration/cli/cli_fixture.h"

namespace drover::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kUnknownId[] = "01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60";

class Tasks : public CliTest {
 protected:
  void SetUp() override { start(); }

  std::string deployed(const std::string& command) {
    cluster_.create("work", command);
    return output_of({"deploy", "work"});
  }
  bool has_printed(const std::string& id, const std::string& text) const {
    return eventually([&] {
      return drover({"logs", id, "--attempt", "all"}).out.find(text) != std::string::npos;
    });
  }
};

TEST_F(Tasks, AreRestarted) {
  const std::string id = deployed("echo attempt $DROVER_ATTEMPT; exec sleep 600");
  ASSERT_TRUE(has_printed(id, "attempt 1"));
  EXPECT_EQ(output_of({"restart", id}), "restarts 1 task");
  EXPECT_TRUE(has_printed(id, "attempt 2"));
  EXPECT_EQ(output_of({"restart", id, "--group", "0", "--index", "0", "--task", "task"}),
            "restarts 1 task");
  EXPECT_TRUE(complains(drover({"restart", id, "--task", "none"}), 4, "task"));
  EXPECT_TRUE(complains(drover({"restart", id, "--group", "none"}), 4, "group"));
  EXPECT_TRUE(complains(drover({"restart", kUnknownId}), 4, kUnknownId));
}

TEST_F(Tasks, AreSentSignals) {
  const std::string id = deployed("trap 'echo HUP' HUP; echo ready; while :; do sleep 0.05; done");
  ASSERT_TRUE(has_printed(id, "ready"));
  EXPECT_EQ(output_of({"signal", id, "hup"}), "sent to 1 task");
  EXPECT_TRUE(has_printed(id, "HUP"));
  EXPECT_THAT(output_of({"signal", id, "1", "--json"}), HasSubstr(R"("tasks":1)"));
  EXPECT_TRUE(complains(drover({"signal", id, "NONE"}), 1, "no signal"));
  EXPECT_TRUE(complains(drover({"signal", id, "0"}), 2, "no signal"));
}

TEST_F(Tasks, OfWhatHasEndedNothingIsAsked) {
  const std::string id = deployed("true");
  ASSERT_TRUE(eventually([&] {
    return output_of({"ps", "-a"}).find("completed") != std::string::npos;
  }));
  EXPECT_TRUE(complains(drover({"signal", id, "HUP"}), 4, id));
}

TEST_F(Tasks, InstancesThatHaveEndedAreRemoved) {
  const std::string id = deployed("true");
  ASSERT_TRUE(eventually([&] {
    return output_of({"ps", "-a"}).find("completed") != std::string::npos;
  }));
  cluster_.create("long", "exec sleep 600");
  const std::string alive = output_of({"deploy", "long"});
  EXPECT_TRUE(complains(drover({"rm", alive, id}), 5, "has not ended"));
  EXPECT_THAT(output_of({"ps", "-a"}), Not(HasSubstr(id))) << "the others are removed";
  EXPECT_TRUE(complains(drover({"status", id}), 4, id));
  EXPECT_TRUE(complains(drover({"rm", id}), 4, id));
}

}  // namespace
}  // namespace drover::test
