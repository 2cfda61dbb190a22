// One field of a cron expression: which values of minute, hour, day or month it allows.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/result.h"

namespace drover::schedule {

// What a field is called, what it may hold, and a right one for a refusal to show.
struct FieldRule {
  std::string_view name;     // "day-of-week"
  std::string_view example;  // "mon-fri"
  int least = 0;
  int most = 0;
  std::span<const std::string_view> names = {};  // of the values from `first_named` on, lower case
  int first_named = 0;
  bool wraps = false;  // `most` is `least` once more, as Sunday is 0 and 7
};

struct Field {
  std::uint64_t allowed = 0;  // bit n: the value n
  // Does not begin with *, which is what the rule for the two fields of days goes by.
  bool restricted = false;

  bool has(int value) const { return (allowed >> value & 1U) != 0; }
};

// Lists of *, numbers, names and ranges, each but a single value with a step if wished. A single
// value with a step goes on to the end. An error names the field and shows a right one.
Result<Field> parse_field(std::string_view text, const FieldRule& rule);

}  // namespace drover::schedule
