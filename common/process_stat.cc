#include "common/process_stat.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace drover {
namespace {

// As proc(5) numbers them.
constexpr std::size_t kState = 3;
constexpr std::size_t kParent = 4;
constexpr std::size_t kSession = 6;
constexpr std::size_t kUserTicks = 14;
constexpr std::size_t kWaitedForKernelTicks = 17;  // with the two between them, four of ticks
constexpr std::size_t kStartTicks = 22;
constexpr std::size_t kResidentPages = 24;

using Fields = std::array<std::string_view, kResidentPages + 1>;

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// From the one after the name on; those that are not there are empty.
Fields fields_of(std::string_view rest) {
  Fields fields;
  for (std::size_t field = kState; field < fields.size(); ++field) {
    const std::size_t end = std::min(rest.find_first_of(" \n"), rest.size());
    fields[field] = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return fields;
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
  const std::size_t name_begin = text.find(" (");
  const std::size_t name_end = text.rfind(") ");
  if (name_begin == std::string_view::npos || name_end == std::string_view::npos) return {};
  const Fields fields = fields_of(text.substr(name_end + 2));
  ProcessStat stat;
  stat.is_zombie = fields[kState] == "Z" || fields[kState] == "X";
  bool is_good = parse_number(text.substr(0, name_begin), stat.pid) &&
                 parse_number(fields[kParent], stat.parent) &&
                 parse_number(fields[kSession], stat.session) &&
                 parse_number(fields[kStartTicks], stat.start_ticks) &&
                 parse_number(fields[kResidentPages], stat.resident_pages);
  for (std::size_t field = kUserTicks; field <= kWaitedForKernelTicks; ++field) {
    std::uint64_t ticks = 0;
    is_good = is_good && parse_number(fields[field], ticks);
    stat.cpu_ticks += ticks;
  }
  if (!is_good) return {};
  return stat;
}

}  // namespace drover
