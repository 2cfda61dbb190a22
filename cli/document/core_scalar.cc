#include "cli/document/core_scalar.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <charconv>
#include <cstdint>
#include <optional>

namespace drover::cli {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// The digits that `text` begins with, taken off it.
std::string_view take_digits(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::string without_leading_zeros(std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return std::string(digits);
}

// 0o17 and 0x1f. Nothing: it is none, or has more than 64 bits.
std::optional<std::string> json_of_based(std::string_view text) {
  const int base = text.starts_with("0o") ? 8 : text.starts_with("0x") ? 16 : 0;
  if (base == 0) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data() + 2, text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::to_string(number);
}

// Integers and floating point numbers in ten digits, in the form that JSON wants.
std::optional<std::string> json_of_decimal(std::string_view text) {
  std::string out;
  if (text.starts_with('-')) out = "-";
  take(text, "+-");
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (take(text, ".")) fraction = take_digits(text);
  if (whole.empty() && fraction.empty()) return std::nullopt;
  out += whole.empty() ? "0" : without_leading_zeros(whole);
  if (!fraction.empty()) out.append(".").append(fraction);
  if (take(text, "eE")) {
    out += 'e';
    if (text.starts_with('-')) out += '-';
    take(text, "+-");
    const std::string_view exponent = take_digits(text);
    if (exponent.empty()) return std::nullopt;
    out += exponent;
  }
  if (!text.empty()) return std::nullopt;
  return out;
}

}  // namespace

std::string json_quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string(text));
}

Result<std::string> json_of_plain(std::string_view scalar) {
  if (is_one_of(scalar, {"", "~", "null", "Null", "NULL"})) return std::string("null");
  if (is_one_of(scalar, {"true", "True", "TRUE"})) return std::string("true");
  if (is_one_of(scalar, {"false", "False", "FALSE"})) return std::string("false");
  if (auto number = json_of_based(scalar)) return *std::move(number);
  if (auto number = json_of_decimal(scalar)) return *std::move(number);
  std::string_view unsigned_part = scalar;
  take(unsigned_part, "+-");
  if (is_one_of(unsigned_part, {".inf", ".Inf", ".INF"}) ||
      is_one_of(scalar, {".nan", ".NaN", ".NAN"})) {
    return Error{ErrorKind::invalid, std::string(scalar) + " is a number that JSON does not have"};
  }
  return json_quoted(scalar);
}

}  // namespace drover::cli
