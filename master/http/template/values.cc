#include "master/http/template/values.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <unordered_map>

#include "common/duration.h"
#include "common/limits.h"
#include "common/size.h"
#include "master/http/json_text.h"

namespace drover::http {

namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

std::string in_hours(milliseconds duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::hours>(duration).count()) + "h";
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

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

MaybeProblem read_duration(const json::value& value, const Place& place,
                           std::chrono::milliseconds least, std::chrono::milliseconds longest,
                           std::chrono::milliseconds& out) {
  if (auto problem = read_duration(value, place, longest, out)) return problem;
  if (out >= least) return std::nullopt;
  const bool is_whole = least.count() % 1000 == 0;
  return problem_at(place, Code::invalid_value,
                    "must be " +
                        (is_whole ? std::to_string(least.count() / 1000) + "s"
                                  : std::to_string(least.count()) + "ms") +
                        " or more");
}

MaybeProblem read_number(const json::value& value, const Place& place, std::uint32_t least,
                         std::uint32_t most, std::uint32_t& out) {
  if (!value.is_number()) return wrong_type(value, place, "a number");
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
  if (flag == nullptr) return wrong_type(value, place, "true or false");
  out = *flag;
  return std::nullopt;
}

MaybeProblem check_variable(std::string_view name, const Place& place) {
  bool valid = !name.empty() && is_letter(name.front());
  for (const char c : name) valid = valid && (is_letter(c) || (c >= '0' && c <= '9'));
  if (!valid) {
    return problem_at(
        place, Code::invalid_value,
        "no name of an environment variable or a parameter; use letters, digits and _, no digit "
        "first");
  }
  if (name.starts_with("DROVER_")) {
    return problem_at(place, Code::invalid_value,
                      "names that begin with DROVER_ are set by Drover; use another");
  }
  return std::nullopt;
}

MaybeProblem check_label(std::string_view name, const Place& place) {
  const bool fits = !name.empty() && name.size() <= limits::kNameBytes;
  if (fits && !has_control_character(name)) return std::nullopt;
  return problem_at(place, Code::invalid_value,
                    "no name of a label; use 1 to " + std::to_string(limits::kNameBytes) +
                        " bytes without control characters");
}

MaybeProblem read_members(const json::value& value, const Place& place, const NamesAllowed& allowed,
                          const ReadMember& read) {
  const json::object* members = value.if_object();
  if (members == nullptr) return wrong_type(value, place, "an object");
  if (members->size() > allowed.most) {
    return problem_at(place, Code::invalid_value,
                      std::to_string(members->size()) + " " + allowed.what + "; at most " +
                          std::to_string(allowed.most) + " are allowed");
  }
  for (const json::key_value_pair& member : *members) {
    const std::string_view name(member.key().data(), member.key().size());
    const Place at(place, name);
    if (auto problem = allowed.check(name, at)) return problem;
    if (auto problem = read(std::string(name), member.value(), at)) return problem;
  }
  return std::nullopt;
}

MaybeProblem read_strings(const json::value& value, const Place& place, const NamesAllowed& allowed,
                          std::size_t most_bytes, std::map<std::string, std::string>& out) {
  return read_members(value, place, allowed,
                      [&](const std::string& name, const json::value& member, const Place& at) {
                        return read_string(member, at, most_bytes, out[name]);
                      });
}

MaybeProblem read_list(const json::value& value, const Place& place, std::size_t most,
                       std::size_t most_bytes, std::vector<std::string>& out) {
  const json::array* elements = nullptr;
  if (auto problem = read_array(value, place, most, Emptiness::allowed, elements)) return problem;
  out.resize(elements->size());
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const Place at(place, i);
    if (auto problem = read_string((*elements)[i], at, most_bytes, out[i])) return problem;
  }
  return std::nullopt;
}

MaybeProblem check_different(const std::vector<std::string_view>& names, const Place& place,
                             const std::string& what, const std::string& where) {
  std::unordered_map<std::string_view, std::size_t> first_of;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    const auto [first, is_new] = first_of.emplace(names[i], i);
    if (is_new) continue;
    const Place at(place, i);
    return problem_at(Place(at, "name"), Code::invalid_value,
                      excerpt(names[i]) + " is already the name of " + what + " " +
                          std::to_string(first->second) + where + "; choose another");
  }
  return std::nullopt;
}

MaybeProblem read_size(const json::value& value, const Place& place, std::uint64_t& out) {
  std::string text;
  if (auto problem = read_text(value, place, limits::kNameBytes, text)) return problem;
  const auto size = parse_size(text);
  if (!size) return problem_at(place, Code::invalid_value, size.error().message);
  out = *size;
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
