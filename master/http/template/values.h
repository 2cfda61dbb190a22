// Values that more than one field of a template has: durations, words, flags, lists of strings.
#pragma once

#include <array>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
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

// A whole number from `least` to `most`.
MaybeProblem read_number(const boost::json::value& value, const Place& place, std::uint32_t least,
                         std::uint32_t most, std::uint32_t& out);

// true or false.
MaybeProblem read_flag(const boost::json::value& value, const Place& place, bool& out);

// An object of strings of at most `most_bytes`, whose names `check` agrees to; at most `most` of
// them.
using CheckName = MaybeProblem (*)(std::string_view name, const Place& place);
MaybeProblem read_strings(const boost::json::value& value, const Place& place, std::size_t most,
                          std::size_t most_bytes, CheckName check,
                          std::map<std::string, std::string>& out);

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

// When something is run again.
inline constexpr std::array<std::string_view, 3> kRestartPolicies = {"never", "on_failure",
                                                                     "always"};

}  // namespace drover::http
