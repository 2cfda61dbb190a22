// Values that more than one field of a template has: durations, words, flags, lists of strings.
#pragma once

#include <array>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "master/http/json_fields.h"

namespace drover::http {

// A duration with its unit, of at most `longest`.
MaybeProblem read_duration(const boost::json::value& value, const Place& place,
                           std::chrono::milliseconds longest, std::chrono::milliseconds& out);

// The same, and of at least `least`.
MaybeProblem read_duration(const boost::json::value& value, const Place& place,
                           std::chrono::milliseconds least, std::chrono::milliseconds longest,
                           std::chrono::milliseconds& out);

// A whole number from `least` to `most`.
MaybeProblem read_number(const boost::json::value& value, const Place& place, std::uint32_t least,
                         std::uint32_t most, std::uint32_t& out);

// true or false.
MaybeProblem read_flag(const boost::json::value& value, const Place& place, bool& out);

// A size with its unit, in bytes.
MaybeProblem read_size(const boost::json::value& value, const Place& place, std::uint64_t& out);

// What an object may have whose members are named by whoever writes the template.
struct NamesAllowed {
  std::size_t most = 0;
  const char* what = "entries";  // that there are too many of
  MaybeProblem (*check)(std::string_view name, const Place& place) = nullptr;
};
using ReadMember = std::function<MaybeProblem(
    const std::string& name, const boost::json::value& member, const Place& place)>;
MaybeProblem read_members(const boost::json::value& value, const Place& place,
                          const NamesAllowed& allowed, const ReadMember& read);

// The same, of strings of at most `most_bytes`.
MaybeProblem read_strings(const boost::json::value& value, const Place& place,
                          const NamesAllowed& allowed, std::size_t most_bytes,
                          std::map<std::string, std::string>& out);

// A list of at most `most` strings of at most `most_bytes`; it may be empty.
MaybeProblem read_list(const boost::json::value& value, const Place& place, std::size_t most,
                       std::size_t most_bytes, std::vector<std::string>& out);

// Whether no two elements of the array at `place` have the same `name`; an empty name is none. The
// refusal says that it is the name of "`what` 3`where`".
MaybeProblem check_different(const std::vector<std::string_view>& names, const Place& place,
                             const std::string& what, const std::string& where = "");

// The name of an environment variable or a parameter, which can be one: letters, digits and _, no
// digit first, and not one of Drover's own.
MaybeProblem check_variable(std::string_view name, const Place& place);

// The name of a label: 1 to limits::kNameBytes bytes, no control character.
MaybeProblem check_label(std::string_view name, const Place& place);

// The position of the text among `words`.
MaybeProblem read_word_at(const boost::json::value& value, const Place& place,
                          std::span<const std::string_view> words, std::size_t& out);

// One of a few words, which stand for 0, 1, 2, ... of the enumeration.
template <class Enum, std::size_t count>
MaybeProblem read_word(const boost::json::value& value, const Place& place,
                       const std::array<std::string_view, count>& words, Enum& out) {
  std::size_t position = 0;
  if (auto problem = read_word_at(value, place, words, position)) return problem;
  out = static_cast<Enum>(position);
  return std::nullopt;
}

// Of a template.
inline constexpr std::array<std::string_view, 3> kKinds = {"batch", "service", "system"};

// When something is run again.
inline constexpr std::array<std::string_view, 3> kRestartPolicies = {"never", "on_failure",
                                                                     "always"};

}  // namespace drover::http
