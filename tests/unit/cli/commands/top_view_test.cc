#include "cli/commands/top_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <sstream>
#include <vector>

#include "cli/text/width.h"

namespace drover::cli {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

constexpr Instant kNow{};

json::object list(const char* name, int count, const json::object& one) {
  json::array all;
  for (int number = 0; number < count; ++number) {
    json::object each = one;
    each["id"] = std::string(name) + "-" + std::to_string(number);
    all.push_back(std::move(each));
  }
  return {{name, std::move(all)}};
}

TopView view(int nodes, int instances) {
  TopView shown;
  shown.cluster = {{"state", "normal"},
                   {"nodes", nodes},
                   {"online_nodes", nodes},
                   {"live_instances", instances}};
  shown.nodes = list("nodes", nodes, {{"ip", "10.0.0.1"}, {"online", true}});
  shown.newest = list("instances", instances, {{"template", "数据清洗"}, {"state", "running"}});
  shown.alive = shown.newest;
  return shown;
}

std::vector<std::string> lines_of(const std::string& picture) {
  std::istringstream text(picture);
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

TEST(TopPicture, ShowsNodesAndInstances) {
  const std::string picture = top_picture(view(1, 2), 120, 24, kNow, Palette());
  EXPECT_THAT(picture, HasSubstr("normal  1 of 1 nodes online\nq ends this\n\n"));
  EXPECT_THAT(picture, HasSubstr("nodes-0"));
  EXPECT_THAT(picture, HasSubstr("\n\n2 instances alive: 2 running\nID"));
  EXPECT_THAT(picture, HasSubstr("instances-1  数据清洗"));
}

TEST(TopPicture, FitsIntoTheTerminal) {
  for (const std::size_t rows : {14U, 24U, 50U}) {
    for (const int nodes : {0, 1, 30}) {
      for (const int instances : {0, 1, 30}) {
        for (const std::size_t columns : {20U, 80U}) {
          const auto lines =
              lines_of(top_picture(view(nodes, instances), columns, rows, kNow, Palette()));
          EXPECT_LE(lines.size(), rows) << nodes << " nodes, " << instances << " instances";
          for (const std::string& line : lines) EXPECT_LE(width_of(line), columns) << line;
        }
      }
    }
  }
}

TEST(TopPicture, SaysHowManyNodesAreLeftOut) {
  const std::string picture = top_picture(view(30, 30), 80, 27, kNow, Palette());
  EXPECT_THAT(picture, HasSubstr("nodes-8"));
  EXPECT_THAT(picture, Not(HasSubstr("nodes-9")));
  EXPECT_THAT(picture, HasSubstr("… and 21 more nodes: drover nodes\n"));
  EXPECT_THAT(picture, HasSubstr("instances-9"));
  EXPECT_THAT(picture, Not(HasSubstr("instances-10")));
  EXPECT_THAT(top_picture(view(30, 1), 80, 40, kNow, Palette()), Not(HasSubstr("more nodes")))
      << "what the instances do not need is for the nodes";
}

TEST(TopPicture, StatesAreCounted) {
  TopView shown = view(1, 3);
  shown.alive.at("instances").as_array().at(1).as_object()["state"] = "pending";
  EXPECT_THAT(top_picture(shown, 120, 24, kNow, Palette()),
              HasSubstr("3 instances alive: 2 running, 1 pending\n"));
  shown.alive["cursor"] = "x";
  EXPECT_THAT(top_picture(shown, 120, 24, kNow, Palette()), HasSubstr(" of the newest\n"));
}

TEST(TopPicture, AProblemTakesThePlaceOfTheNote) {
  TopView shown = view(1, 0);
  shown.problem = "Connection refused\n";
  EXPECT_THAT(top_picture(shown, 120, 24, kNow, Palette()),
              HasSubstr("\nConnection refused\\n; trying again\n"));
}

}  // namespace
}  // namespace drover::cli
