#include "master/http/json_text.h"

#include <boost/json/serialize.hpp>
#include <cstdint>
#include <cstring>

namespace drover::http {
namespace {

constexpr std::size_t kExcerptBytes = 80;

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (byte_at(text, at) & 0xC0U) == 0x80U;
}

// Length in bytes of the character that begins at `at`; 0 if there is no valid one. Follows the
// table of well-formed sequences in the Unicode standard (table 3-7).
std::size_t character_length(std::string_view text, std::size_t at) {
  const unsigned char lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text, at + i)) return 0;
  }
  const unsigned char second = byte_at(text, at + 1);
  if (lead == 0xE0 && second < 0xA0) return 0;
  if (lead == 0xED && second > 0x9F) return 0;
  if (lead == 0xF0 && second < 0x90) return 0;
  if (lead == 0xF4 && second > 0x8F) return 0;
  return length;
}

// Whether the 8 bytes at `at` are ASCII.
bool ascii_block(std::string_view text, std::size_t at) {
  if (at + 8 > text.size()) return false;
  std::uint64_t block = 0;
  std::memcpy(&block, text.data() + at, sizeof(block));
  return (block & 0x8080808080808080ULL) == 0;
}

}  // namespace

std::string json_quote(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

std::string compact_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      out += c;
      if (c == '\\' && i + 1 < json.size()) {
        out += json[++i];
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      out += c;
      in_string = c == '"';
    }
  }
  return out;
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (ascii_block(text, at)) {
      at += 8;
      continue;
    }
    const std::size_t length = character_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = byte_at(text, i);
    if (c < 0x20 || c == 0x7F) return true;
    if (c == 0xC2 && i + 1 < text.size() && byte_at(text, i + 1) < 0xA0) return true;
  }
  return false;
}

std::string excerpt(std::string_view text) {
  std::string out = "'";
  std::size_t at = 0;
  while (at < text.size() && out.size() < kExcerptBytes) {
    const std::size_t length = character_length(text, at);
    const std::string_view character = text.substr(at, length);
    if (length == 0 || has_control_character(character)) {
      out += '?';
    } else {
      out += character;
    }
    at += length == 0 ? 1 : length;
  }
  return out + (at < text.size() ? "...'" : "'");
}

}  // namespace drover::http
