#include "tests/bench/support/report.h"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iomanip>
#include <ostream>
#include <stdexcept>

namespace drover::bench {
namespace {

namespace json = boost::json;

std::string_view text_of(Aim aim) { return aim == Aim::at_least ? "at_least" : "at_most"; }

json::value or_null(const std::optional<double>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object object_of(const Figure& figure, const json::object& common) {
  json::object out;
  out["id"] = figure.id;
  out["what"] = figure.what;
  out["unit"] = figure.unit;
  out["figure"] = figure.figure;
  out["reference"] = nullptr;
  if (figure.reference) {
    out["reference"] = {{"what", figure.reference->what}, {"figure", figure.reference->figure}};
  }
  out["ratio"] = or_null(figure.ratio());
  out["target"] = nullptr;
  if (figure.target) {
    out["target"] = figure.target->value;
    out["target_is"] = text_of(figure.target->aim);
    out["met"] = figure.met().value_or(false);
  }
  json::object conditions = common;
  for (const auto& [key, value] : figure.conditions) conditions[key] = value;
  out["conditions"] = std::move(conditions);
  out["details"] = figure.details;
  return out;
}

void print_object(const std::string& indent, const json::object& object, std::ostream& out) {
  for (const auto& [key, value] : object) {
    out << indent << std::string_view(key) << ": ";
    if (value.is_object()) {
      out << '\n';
      print_object(indent + "  ", value.get_object(), out);
    } else if (value.is_double()) {
      out << value.get_double() << '\n';
    } else if (value.is_string()) {
      out << std::string_view(value.get_string()) << '\n';
    } else {
      out << json::serialize(value) << '\n';
    }
  }
}

void print_target(const Figure& figure, std::ostream& out) {
  if (!figure.target) return;
  out << "  target: " << (figure.target->aim == Aim::at_least ? "at least " : "at most ")
      << figure.target->value << (figure.met().value_or(false) ? ", met" : ", NOT met") << '\n';
}

}  // namespace

std::optional<double> Figure::ratio() const {
  if (!reference || reference->figure == 0) return std::nullopt;
  return figure / reference->figure;
}

std::optional<bool> Figure::met() const {
  if (!target) return std::nullopt;
  const std::optional<double> judged = reference ? ratio() : figure;
  if (!judged) return false;
  return target->aim == Aim::at_least ? *judged >= target->value : *judged <= target->value;
}

void Report::print(std::ostream& out) const {
  const auto precision = out.precision(6);
  for (const Figure& figure : figures_) {
    out << figure.id << "  " << figure.what << "\n  " << figure.figure << ' ' << figure.unit
        << '\n';
    if (figure.reference) {
      out << "  reference: " << figure.reference->figure << ' ' << figure.unit << ", "
          << figure.reference->what << '\n';
    }
    if (const auto ratio = figure.ratio()) out << "  ratio: " << *ratio << '\n';
    print_target(figure, out);
    print_object("  ", figure.details, out);
    print_object("  ", figure.conditions, out);
  }
  out << "conditions\n";
  print_object("  ", common_, out);
  out.precision(precision);
}

std::string Report::json() const {
  if (figures_.size() == 1) return json::serialize(object_of(figures_[0], common_)) + "\n";
  json::array all;
  for (const Figure& figure : figures_) all.push_back(object_of(figure, common_));
  return json::serialize(all) + "\n";
}

void Report::write_json(const std::string& path) const {
  std::ofstream file(path, std::ios::binary);
  file << json();
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace drover::bench
