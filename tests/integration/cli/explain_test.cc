// Why something waits, and where something would go: drover explain, deploy --dry-run.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "tests/integration/cli/cli_fixture.h"

namespace drover::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Explain : public CliTest {
 protected:
  void SetUp() override { start(); }

  void create(const std::string& name, const std::string& of_the_group) {
    cluster_.create(R"({"name":")" + name + R"(","task_groups":[{"name":"组",)" + of_the_group +
                    R"("tasks":[{"name":"t","config":{"command":"exec sleep 600"}}]}]})");
  }
  const std::string nowhere_ = R"("constraints":[{"attribute":"label.rack","value":"7"}],)";
};

TEST_F(Explain, WhatWaitsSaysWhyAndWhatHelps) {
  create("nowhere", nowhere_);
  const std::string id = output_of({"deploy", "nowhere"});
  const std::string text = output_of({"explain", id});
  EXPECT_THAT(text, StartsWith("group 组: 1 copy waits: its constraints hold on no node"));
  EXPECT_THAT(text, HasSubstr("\n  1 node: not "));
  EXPECT_THAT(text, HasSubstr("rack"));
  EXPECT_THAT(output_of({"explain", id, "--json"}), StartsWith("{\"id\":\"" + id));
}

TEST_F(Explain, WhatDoesNotWaitSaysSo) {
  create("a", "");
  const std::string id = output_of({"deploy", "a"});
  ASSERT_TRUE(eventually([&] {
    return output_of({"explain", id}) == "nothing of it waits for a node; it is running";
  }));
  EXPECT_TRUE(
      complains(drover({"explain", "01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60"}), 4, "01930b7e"));
}

TEST_F(Explain, ADryRunDeploysNothing) {
  create("a", "");
  create("nowhere", nowhere_);
  EXPECT_THAT(output_of({"deploy", "a", "--dry-run"}),
              StartsWith("GROUP  COPY  NODE\n组     0     "));
  const Ended waits = drover({"deploy", "nowhere", "--dry-run"});
  EXPECT_TRUE(complains(waits, 5, "1 copy would have to wait"));
  EXPECT_THAT(waits.out, StartsWith("group 组: 1 copy waits: "));
  EXPECT_TRUE(complains(drover({"deploy", "none", "--dry-run"}), 4, "none"));
  EXPECT_TRUE(complains(drover({"deploy", "-f", "x", "--dry-run"}), 2, "--dry-run"));
  EXPECT_EQ(output_of({"ps", "--all", "--json"}), R"({"instances":[]})");
}

}  // namespace
}  // namespace drover::test
