// drover logs: what tasks have printed, and go on to print.
#include <gmock/gmock.h>

#include "tests/integration/cli/cli_fixture.h"

namespace drover::test {
namespace {

using testing::HasSubstr;

constexpr char kUnknownId[] = "01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60";

class Logs : public CliTest {
 protected:
  void SetUp() override { start(); }

  std::string deployed(const std::string& name, const std::string& command) {
    cluster_.create(name, command);
    return output_of({"deploy", name});
  }
  void await_end(const std::string& id) const {
    ASSERT_TRUE(eventually([&] {
      return output_of({"status", id}).find("State     completed") != std::string::npos;
    }));
  }
};

TEST_F(Logs, AreTheBytesThatWerePrinted) {
  const std::string id = deployed("talk", "printf '数据'; echo oops >&2");
  await_end(id);
  EXPECT_EQ(drover({"logs", id, "--stream", "stdout"}).out, "数据");
  EXPECT_EQ(drover({"logs", id, "--stream", "stderr"}).out, "oops\n");
  EXPECT_THAT(output_of({"logs", id, "--json"}), HasSubstr(R"("stream":"stderr","text":"oops")"));
  EXPECT_TRUE(complains(drover({"logs", kUnknownId}), 4, kUnknownId));
  EXPECT_TRUE(complains(drover({"logs", id, "--task", "none"}), 4, "none"));
}

TEST_F(Logs, AreFollowedUntilTheEnd) {
  const std::string id =
      deployed("slow", "echo one; while [ ! -e " + files_ / "go ]; do sleep 0.05; done; echo two");
  Process follower({std::string(DROVER_BIN_DIR) + "/drover", "logs", "-f", id}, environment());
  ASSERT_TRUE(follower.await_line("one"));
  files_.write("go", "");
  EXPECT_EQ(follower.wait(), 0);
  EXPECT_THAT(follower.output(), HasSubstr("two\n"));
}

}  // namespace
}  // namespace drover::test
