#include "tests/bench/support/report.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

namespace drover::bench {
namespace {

Figure a_figure(double figure, double reference, Target target) {
  Figure made;
  made.id = "P0";
  made.what = "nothing at all";
  made.unit = "tasks/s";
  made.figure = figure;
  made.reference = Reference{"a loop", reference};
  made.target = target;
  return made;
}

boost::json::value json_of(const Report& report) { return boost::json::parse(report.json()); }

TEST(Figure, ARatioIsJudged) {
  EXPECT_EQ(true, a_figure(70, 100, {Aim::at_least, 0.7}).met());
  EXPECT_EQ(false, a_figure(69, 100, {Aim::at_least, 0.7}).met());
  EXPECT_EQ(true, a_figure(400, 100, {Aim::at_most, 4}).met());
  EXPECT_EQ(false, a_figure(401, 100, {Aim::at_most, 4}).met());
}

TEST(Figure, WithoutAReferenceItIsJudgedItself) {
  Figure figure = a_figure(2.5, 0, {Aim::at_most, 3});
  figure.reference.reset();
  EXPECT_EQ(std::nullopt, figure.ratio());
  EXPECT_EQ(true, figure.met());
  figure.target.reset();
  EXPECT_EQ(std::nullopt, figure.met());
}

TEST(Figure, NothingIsMetBesideAReferenceThatFailed) {
  EXPECT_EQ(false, a_figure(70, 0, {Aim::at_least, 0.7}).met());
}

TEST(Report, OneFigureIsOneObject) {
  Report report({{"cores", 2}, {"clients", 1}});
  Figure figure = a_figure(80, 100, {Aim::at_least, 0.7});
  figure.conditions["clients"] = 32;
  figure.details["failed"] = 0;
  report.add(figure);
  const boost::json::value expected = {{"id", "P0"},
                                       {"what", "nothing at all"},
                                       {"unit", "tasks/s"},
                                       {"figure", 80.0},
                                       {"reference", {{"what", "a loop"}, {"figure", 100.0}}},
                                       {"ratio", 0.8},
                                       {"target", 0.7},
                                       {"target_is", "at_least"},
                                       {"met", true},
                                       {"conditions", {{"cores", 2}, {"clients", 32}}},
                                       {"details", {{"failed", 0}}}};
  EXPECT_EQ(expected, json_of(report));
}

TEST(Report, SeveralAreAnArray) {
  Report report({});
  report.add(a_figure(1, 1, {Aim::at_least, 1}));
  report.add(a_figure(2, 1, {Aim::at_least, 1}));
  EXPECT_EQ(2U, json_of(report).as_array().size());
}

TEST(Report, PeopleReadTheSame) {
  Report report({{"cores", 2}});
  Figure figure = a_figure(69, 100, {Aim::at_least, 0.7});
  figure.details["cost"] = {{"master", 12.5}};
  report.add(figure);
  std::ostringstream out;
  report.print(out);
  EXPECT_EQ(
      "P0  nothing at all\n"
      "  69 tasks/s\n"
      "  reference: 100 tasks/s, a loop\n"
      "  ratio: 0.69\n"
      "  target: at least 0.7, NOT met\n"
      "  cost: \n"
      "    master: 12.5\n"
      "conditions\n"
      "  cores: 2\n",
      out.str());
}

TEST(Report, WhatCannotBeWrittenIsSaid) {
  EXPECT_THROW(Report({}).write_json("/no/such/directory/x.json"), std::runtime_error);
}

TEST(Median, IsTheMiddle) {
  EXPECT_EQ(0, median({}));
  EXPECT_EQ(2, median({3, 1, 2}));
  EXPECT_EQ(2.5, median({4, 1, 2, 3}));
}

}  // namespace
}  // namespace drover::bench
