// What a benchmark says: each figure with the reference that was measured in the same run, and the
// conditions of both. Lines for people; with --json, an object for each figure.
#pragma once

#include <boost/json/object.hpp>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace drover::bench {

enum class Aim { at_least, at_most };

struct Target {
  Aim aim;
  double value;
};

struct Reference {
  std::string what;
  double figure = 0;  // in the unit of what it is compared with
};

struct Figure {
  std::string id;  // "P1"; "P5.start" where one benchmark has several
  std::string what;
  std::string unit;
  double figure = 0;
  std::optional<Reference> reference;
  // Of figure / reference; where there is no reference, of the figure.
  std::optional<Target> target;
  // What is particular to it: how many clients, how long, how much history.
  boost::json::object conditions;
  boost::json::object details;

  // Nothing where there is no reference, or it is 0.
  std::optional<double> ratio() const;
  // Whether the target is met; nothing where there is none.
  std::optional<bool> met() const;
};

class Report {
 public:
  // `common`: conditions of all figures. A figure's own of the same name count more.
  explicit Report(boost::json::object common) : common_(std::move(common)) {}

  void add(Figure figure) { figures_.push_back(std::move(figure)); }
  const std::vector<Figure>& figures() const { return figures_; }

  void print(std::ostream& out) const;
  // One object, or an array of them where there are several figures.
  std::string json() const;
  // Replaces `path`. Throws std::runtime_error.
  void write_json(const std::string& path) const;

 private:
  const boost::json::object common_;
  std::vector<Figure> figures_;
};

// The middle one; of two, their mean. 0 for none.
double median(std::vector<double> values);

}  // namespace drover::bench
