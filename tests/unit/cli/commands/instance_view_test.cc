#include "cli/commands/instance_view.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace drover::cli {
namespace {

namespace json = boost::json;

TEST(InstanceView, ShowsEveryTask) {
  const json::value value = json::parse(R"({
    "id":"I","template":"日报","version":2,"state":"degraded","cause":"task 'b' exited with 3",
    "since":"2025-03-09T11:59:55.000Z","stop_requested":false,"parameters":{"lines":"20"},
    "groups":[{"group":0,"index":0,"state":"degraded","node":"N","tasks":[
      {"name":"清洗","state":"running","attempt":2,"restarts":1,"started":"2025-03-09T11:59:00.000Z"},
      {"name":"b","state":"failed","attempt":1,"restarts":0,"detail":"exited with 3"}]},
     {"group":1,"name":"web","index":4,"state":"waiting","waits_for":"no_room","tasks":[
      {"name":"c","state":"waiting","attempt":0}]}]})");
  const Instant now = *parse_instant("2025-03-09T12:00:00.000Z");
  const std::string text = instance_text(value.get_object(), 0, now, Palette(false));
  const std::string table =
      "GROUP  COPY  COPY STATE  NODE     TASK  STATE    STARTED  REMARKS\n"
      "0      0     degraded    N        清洗  running  1m       1 restart\n"
      "0      0     degraded    N        b     failed            exited with 3\n"
      "web    4     waiting     no_room  c     waiting\n";
  ASSERT_TRUE(text.ends_with("\n\n" + table)) << text;
  EXPECT_TRUE(
      text.starts_with("Instance    I\n"
                       "Template    日报, version 2\n"
                       "State       degraded\n"))
      << text;
  EXPECT_NE(text.find("\nCause       task 'b' exited with 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nParameters  lines=20\n"), std::string::npos) << text;
}

TEST(InstanceView, ShowsWhatTasksHaveUsed) {
  const json::value value = json::parse(R"({"groups":[{"group":0,"index":0,"tasks":[
      {"name":"a","used":{"cpu_ms":61000,"memory_bytes":67108864,"memory_peak_bytes":134217728}},
      {"name":"b","used":{"cpu_ms":3,"memory_peak_bytes":1536}},
      {"name":"c","used":{"cpu_ms":0}},
      {"name":"d"}]}]})");
  const std::string text = instance_text(value.get_object(), 0, Instant{}, Palette(false));
  EXPECT_TRUE(
      text.ends_with("GROUP  COPY  TASK  CPU   MEMORY\n"
                     "0      0     a     1m1s  64 MiB\n"
                     "0      0     b     3ms   1.5 KiB\n"
                     "0      0     c     0s\n"
                     "0      0     d\n"))
      << text;
}

TEST(InstanceView, WhatIsMissingIsLeftOut) {
  const std::string text = instance_text({}, 80, Instant{}, Palette(false));
  EXPECT_EQ(text.find("TASK"), std::string::npos) << text;
}

}  // namespace
}  // namespace drover::cli
