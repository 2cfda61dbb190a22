#include "cli/text/table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/text/width.h"

namespace drover::cli {
namespace {

const Palette kNoColours;

Table of_tasks() {
  Table table({{"NAME"}, {"STATE"}, {"CAUSE", Fit::elastic}});
  table.add({"数据清洗器", {"running", Colour::green}, ""});
  table.add({"b", {"failed", Colour::red}, "exited with 3, which is no success"});
  return table;
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, width_of(line));
  return widest;
}

TEST(Table, AlignsByColumnsOfTheTerminal) {
  EXPECT_EQ(of_tasks().text(0, kNoColours),
            "NAME        STATE    CAUSE\n"
            "数据清洗器  running\n"
            "b           failed   exited with 3, which is no success\n");
}

TEST(Table, CutsElasticColumnsFirst) {
  EXPECT_EQ(of_tasks().text(40, kNoColours),
            "NAME        STATE    CAUSE\n"
            "数据清洗器  running\n"
            "b           failed   exited with 3, whi…\n");
}

TEST(Table, SpareColumnsGiveWayBeforeElasticOnes) {
  Table table({{"NAME", Fit::elastic}, {"STATE"}, {"LABELS", Fit::spare}});
  table.add({"数据清洗器", "running", "team=data"});
  EXPECT_EQ(table.text(26, kNoColours),
            "NAME        STATE    LABE…\n"
            "数据清洗器  running  team…\n");
  EXPECT_EQ(table.text(20, kNoColours),
            "NAME        STATE\n"
            "数据清洗器  running\n");
  for (std::size_t width = 4; width < 40; ++width) {
    EXPECT_LE(widest_line(table.text(width, kNoColours)), width);
  }
}

TEST(Table, FitsEveryWidth) {
  for (std::size_t width = 4; width < 70; ++width) {
    EXPECT_LE(widest_line(of_tasks().text(width, kNoColours)), width);
  }
}

TEST(Table, ColoursTakeNoColumns) {
  const std::string painted = of_tasks().text(0, Palette(true));
  EXPECT_NE(painted.find("数据清洗器  \x1b[32mrunning\x1b[0m\n"), std::string::npos) << painted;
  EXPECT_NE(painted.find("\x1b[31mfailed\x1b[0m   exited"), std::string::npos) << painted;
  EXPECT_EQ(painted.find("\x1b[1mNAME\x1b[0m        "), 0U) << painted;
}

TEST(Table, WithoutRowsThereAreTheTitles) {
  EXPECT_EQ(Table({{"NAME"}, {"STATE"}}).text(0, kNoColours), "NAME  STATE\n");
}

TEST(Table, ColumnsWithNothingInThemAreLeftOut) {
  Table table({{"NAME"}, {"NOTHING"}, {"STATE"}});
  table.add({"a", "", "running"});
  EXPECT_EQ(table.text(0, kNoColours), "NAME  STATE\na     running\n");
}

TEST(Table, WhatCannotBePrintedIsEscaped) {
  Table table({{"NAME"}});
  table.add({"two\nlines\x1b[2J"});
  EXPECT_EQ(table.text(0, kNoColours), "NAME\ntwo\\nlines\\x1b[2J\n");
}

}  // namespace
}  // namespace drover::cli
