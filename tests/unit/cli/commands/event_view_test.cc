#include "cli/commands/event_view.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace drover::cli {
namespace {

std::string text(const char* event, const Palette& palette = Palette()) {
  return event_text(boost::json::parse(event).as_object(), palette);
}

TEST(EventView, IsOneLineWithWhatIsKnown) {
  EXPECT_EQ(text(R"({"id":"7.1","time":"2025-03-09T12:00:00.000Z","kind":"instance.state",)"
                 R"("instance":"0190","template":"日报","version":2,"state":"running"})"),
            "2025-03-09T12:00:00.000Z  instance.state      running     template=日报  version=2"
            "  instance=0190\n");
  EXPECT_EQ(text(R"({"time":"T","kind":"node.joined","node":"5e"})"),
            "T  node.joined                     node=5e\n");
  EXPECT_EQ(text(R"({"time":"T","kind":"x"})"), "T  x\n");
}

TEST(EventView, NothingWithinMovesTheCursor) {
  EXPECT_EQ(text("{\"time\":\"T\",\"kind\":\"x\",\"detail\":\"a\\nb\"}"),
            "T  x                               detail=a\\nb\n");
}

TEST(EventView, StatesHaveColours) {
  EXPECT_NE(text(R"({"time":"T","kind":"x","state":"failed"})", Palette(true)).find("\x1b[31m"),
            std::string::npos);
}

}  // namespace
}  // namespace drover::cli
