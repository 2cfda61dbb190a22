#include "cli/text/width.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace drover::cli {
namespace {

// What a reader sees as one character.
struct Character {
  std::size_t bytes = 0;
  std::size_t columns = 0;
};

struct CodePoint {
  utf8proc_int32_t value = 0;
  std::size_t bytes = 0;
};

// A byte that begins no character stands for itself.
CodePoint first_code_point(std::string_view text) {
  CodePoint point;
  const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()), &point.value);
  point.bytes = bytes > 0 ? static_cast<std::size_t>(bytes) : 1;
  return point;
}

std::size_t columns_of(const CodePoint& point) {
  const int columns = utf8proc_charwidth(point.value);
  return columns > 0 ? static_cast<std::size_t>(columns) : 0;
}

// A base with its marks, a flag, people joined to a family: as wide as the widest of its parts.
Character first_character(std::string_view text) {
  Character character;
  utf8proc_int32_t state = 0;
  utf8proc_int32_t previous = -1;
  while (character.bytes < text.size()) {
    const CodePoint point = first_code_point(text.substr(character.bytes));
    if (previous >= 0 && utf8proc_grapheme_break_stateful(previous, point.value, &state)) break;
    character.columns = std::max(character.columns, columns_of(point));
    character.bytes += point.bytes;
    previous = point.value;
  }
  return character;
}

bool is_control(utf8proc_int32_t value) {
  const utf8proc_category_t category = utf8proc_category(value);
  // Marks that turn the direction of writing around would disturb a whole line.
  const bool turns = (value >= 0x202a && value <= 0x202e) || (value >= 0x2066 && value <= 0x2069);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP || turns;
}

std::string escape_of(utf8proc_int32_t value) {
  switch (value) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default: {
      std::array<char, 16> text{};
      std::snprintf(text.data(), text.size(), value < 0x100 ? "\\x%02x" : "\\u%04x",
                    static_cast<unsigned>(value));
      return text.data();
    }
  }
}

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    columns += character.columns;
    text.remove_prefix(character.bytes);
  }
  return columns;
}

std::string printable(std::string_view text) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  std::string out;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (point.value < 0) {
      out += kReplacement;
    } else if (is_control(point.value)) {
      out += escape_of(point.value);
    } else {
      out += text.substr(0, point.bytes);
    }
    text.remove_prefix(point.bytes);
  }
  return out;
}

std::string cut(std::string_view text, std::size_t columns) {
  if (width_of(text) <= columns) return std::string(text);
  if (columns == 0) return "";
  std::string out;
  std::size_t used = 0;
  for (;;) {
    const Character character = first_character(text);
    if (used + character.columns > columns - 1) break;
    used += character.columns;
    out += text.substr(0, character.bytes);
    text.remove_prefix(character.bytes);
  }
  return out + "…";
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string out(text);
  const std::size_t width = width_of(text);
  if (width < columns) out.append(columns - width, ' ');
  return out;
}

}  // namespace drover::cli
