#include "master/http/template/values.h"

#include <boost/json/serialize.hpp>

#include "common/duration.h"
#include "common/limits.h"
#include "master/http/json_text.h"

namespace drover::http {

namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

std::string in_hours(milliseconds duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::hours>(duration).count()) + "h";
}

}  // namespace

MaybeProblem read_duration(const json::value& value, const Place& place, milliseconds longest,
                           milliseconds& out) {
  constexpr std::size_t kLongestText = 64;
  std::string text;
  if (auto problem = read_text(value, place, kLongestText, text)) return problem;
  const auto duration = parse_duration(text);
  if (!duration) return problem_at(place, Code::invalid_value, duration.error().message);
  if (*duration > longest) {
    return problem_at(
        place, Code::invalid_value,
        excerpt(text) + " is too long; at most " + in_hours(longest) + " are allowed");
  }
  out = *duration;
  return std::nullopt;
}

MaybeProblem read_number(const json::value& value, const Place& place, std::uint32_t least,
                         std::uint32_t most, std::uint32_t& out) {
  if (!value.is_number()) {
    return problem_at(place, Code::wrong_type,
                      "expected a number, found " + std::string(kind_name(value)));
  }
  const std::int64_t* number = value.if_int64();
  if (number == nullptr || *number < least || *number > most) {
    return problem_at(place, Code::invalid_value,
                      json::serialize(value) + " is no whole number from " + std::to_string(least) +
                          " to " + std::to_string(most));
  }
  out = static_cast<std::uint32_t>(*number);
  return std::nullopt;
}

MaybeProblem read_flag(const json::value& value, const Place& place, bool& out) {
  const bool* flag = value.if_bool();
  if (flag == nullptr) {
    return problem_at(place, Code::wrong_type,
                      "expected true or false, found " + std::string(kind_name(value)));
  }
  out = *flag;
  return std::nullopt;
}

MaybeProblem read_word_at(const json::value& value, const Place& place,
                          std::span<const std::string_view> words, std::size_t& out) {
  std::string text;
  if (auto problem = read_text(value, place, limits::kNameBytes, text)) return problem;
  std::string known;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == text) {
      out = i;
      return std::nullopt;
    }
    known.append(i == 0 ? "" : ", ").append(json_quote(words[i]));
  }
  return problem_at(place, Code::invalid_value,
                    excerpt(text) + " is none of the words that can stand here: " + known);
}

}  // namespace drover::http
