// How the cost of each operation grows with the nodes, the running and the finished instances.
#include "tests/bench/growth/growth.h"

namespace drover::bench {
namespace {

constexpr Target kPlacement{Aim::at_most, 2};
constexpr std::chrono::milliseconds kSmokeTurn{20};

Figure figure_of(const Curve& curve) {
  const auto& [least, least_cost] = *curve.costs.begin();
  const auto& [most, most_cost] = *curve.costs.rbegin();
  const std::string unit = curve.axis == "nodes" ? " nodes" : " " + curve.axis + " instances";
  Figure figure;
  figure.id = "growth." + curve.operation + "." + curve.axis;
  figure.what = curve.what + "; " + std::to_string(most) + unit;
  figure.unit = "us";
  figure.figure = most_cost;
  figure.reference = Reference{"with " + std::to_string(least) + unit, least_cost};
  if (figure.id == "growth.placement.nodes") figure.target = kPlacement;
  figure.conditions = {{"beside", curve.fixed}, {"measured", curve.method}};
  // tests/bench/growth/draw.py reads the sizes from their names.
  for (const auto& [size, cost] : curve.costs) figure.details[std::to_string(size) + unit] = cost;
  return figure;
}

void measure(Options options, bool million, Report& report) {
  if (options.smoke) options.turn = kSmokeTurn;
  for (const Curve& curve : core_growth(options)) report.add(figure_of(curve));
  for (const Curve& curve : master_growth(options, million)) report.add(figure_of(curve));
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) {
  using namespace drover::bench;
  bool million = false;
  Program program;
  program.description = "How the cost of each operation grows with what is around it (growth)";
  program.defaults.turn = std::chrono::milliseconds(200);
  program.defaults.turns = 7;
  program.declare = [&million](CLI::App& app) {
    app.add_flag("--million", million, "Also with 1,000,000 finished instances");
  };
  program.measure = [&million](const Options& options, Report& report) {
    measure(options, million, report);
  };
  return run(argc, argv, program);
}
