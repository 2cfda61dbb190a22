#include "cli/commands/man_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/cli/commands/whole_tree.h"

namespace drover::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(ManPage, HasEveryCommandWithItsFlagsAndExamples) {
  const WholeTree tree;
  const CommandInfo root = describe(tree.commands);
  const std::string page = man_page(root);
  EXPECT_THAT(page, StartsWith(".TH DROVER 1 "));
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-server\\fR \\fIHOST:PORT\\fR\n"));
  for_each_command(root, [&](const CommandInfo& command) {
    EXPECT_THAT(page, HasSubstr(".SS \\fB" + command.line + "\\fR\n"));
  });
  EXPECT_THAT(page, HasSubstr("\\fBdrover deploy \\-f job.yaml \\-p lines=20\\fR\n"));
}

TEST(ManPage, TextIsNeverARequest) {
  CommandInfo root;
  root.line = root.name = "drover";
  root.summary = ".begins with a dot and has a \\";
  EXPECT_THAT(man_page(root), HasSubstr("\n\\&.begins with a dot and has a \\e\n"));
}

}  // namespace
}  // namespace drover::cli
