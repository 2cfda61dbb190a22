#include "cli/client/log_entry.h"

#include <gtest/gtest.h>

namespace drover::cli {
namespace {

using Kind = LogEntry::Kind;

TEST(LogEntry, IsALineOfATask) {
  const auto entry = parse_log_entry(
      R"({"group":"web","index":2,"task":"日","attempt":3,"stream":"stderr","text":"oops",)"
      R"("continues":true})");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->kind, Kind::line);
  EXPECT_EQ(entry->label(), "web[2].日#3");
  EXPECT_TRUE(entry->error_output);
  EXPECT_TRUE(entry->continues);
  EXPECT_EQ(entry->text, "oops");
  EXPECT_EQ(entry->labelled(), "web[2].日#3 stderr: oops\n");
}

TEST(LogEntry, IsAWordOfTheMaster) {
  const auto partial = parse_log_entry(
      R"({"partial":{"group":"0","index":0,"task":"t","attempt":1,"stream":"stdout",)"
      R"("node":"5e","code":"node_silent","message":"node 5e does not answer"}})");
  ASSERT_TRUE(partial);
  EXPECT_EQ(partial->kind, Kind::partial);
  EXPECT_EQ(partial->code, "node_silent");
  EXPECT_EQ(partial->labelled(), "[drover] 0[0].t#1: node 5e does not answer\n");
  const auto ended =
      parse_log_entry(R"({"ended":{"group":"0","index":0,"task":"t","attempt":1,"exit_code":3,)"
                      R"("detail":"exited with 3"}})");
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->kind, Kind::ended);
  EXPECT_EQ(ended->text, "exited with 3");
}

TEST(LogEntry, ASignOfLifeSaysNothing) {
  for (const char* line : {"", "[]", "{\"gro"}) EXPECT_FALSE(parse_log_entry(line)) << line;
}

}  // namespace
}  // namespace drover::cli
