#include "agent/metrics/attributes.h"

#include <gtest/gtest.h>

namespace drover::agent::metrics {
namespace {

TEST(NodeAttributes, SayWhatThisMachineIs) {
  const auto found = node_attributes();
  for (const char* name : {"arch", "hostname", "kernel"}) {
    ASSERT_TRUE(found.contains(name)) << name;
    EXPECT_FALSE(found.at(name).empty()) << name;
  }
}

TEST(OsRelease, ValuesMayBeQuoted) {
  const char* text = "PRETTY_NAME=\"Debian 12\"\nVERSION_ID='12'\nID=debian\nIDS=no\nODD=\"\n";
  EXPECT_EQ(os_release_value(text, "ID"), "debian");
  EXPECT_EQ(os_release_value(text, "VERSION_ID"), "12");
  EXPECT_EQ(os_release_value(text, "PRETTY_NAME"), "Debian 12");
  EXPECT_EQ(os_release_value(text, "ODD"), "\"");
  EXPECT_EQ(os_release_value(text, "NAME"), "");
  EXPECT_EQ(os_release_value("", "ID"), "");
}

}  // namespace
}  // namespace drover::agent::metrics
