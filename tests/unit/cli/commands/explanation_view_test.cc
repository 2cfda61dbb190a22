#include "cli/commands/explanation_view.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace drover::cli {
namespace {

constexpr char kAnswer[] = R"({
  "template": "大", "version": 2,
  "placed": [{"group": 0, "name": "web", "index": 0, "node": "5e0c"}],
  "waiting": [{
    "group": 1, "copies": 2, "waits_for": "no_room",
    "reason": "no node that it may be on has as much left as it reserves",
    "excluded": {"nodes": 4, "offline": 1, "draining": 0, "refusing_work": 0,
                 "constraints": [{"constraint": "label.rack = 7", "nodes": 1}],
                 "too_little_cpu": 0, "too_little_memory": 2,
                 "nearest": {"node": "5e0d", "lacks_cpu": 0.5, "lacks_memory_bytes": 536870912}},
    "unblock": ["stop something on 5e0d"]}]})";

const boost::json::value& answer() {
  static const boost::json::value parsed = boost::json::parse(kAnswer);
  return parsed;
}

TEST(ExplanationView, NamesWhatRulesOutNodesAndWhatHelps) {
  EXPECT_EQ(waiting_text(answer().as_object(), Palette()),
            "group 1: 2 copies wait: no node that it may be on has as much left as it reserves\n"
            "  1 node: offline\n"
            "  1 node: not label.rack = 7\n"
            "  2 nodes: too little memory is left\n"
            "  nearest is node 5e0d, which lacks 0.5 cores and 512 MiB of memory\n"
            "  what helps: stop something on 5e0d\n");
  EXPECT_EQ(count_waiting(answer().as_object()), 2U);
}

TEST(ExplanationView, APlanIsWhereCopiesWouldGo) {
  const std::string text = plan_text(answer().as_object(), 0, Palette());
  EXPECT_TRUE(text.starts_with("GROUP  COPY  NODE\nweb    0     5e0c\ngroup 1: 2 copies wait: "))
      << text;
}

TEST(ExplanationView, WhereNothingWaitsThereIsNothingToSay) {
  EXPECT_EQ(waiting_text({}, Palette()), "");
  EXPECT_EQ(plan_text({}, 0, Palette()), "");
  EXPECT_EQ(count_waiting({}), 0U);
}

}  // namespace
}  // namespace drover::cli
