// JSON as text, and text as it may be shown in a message.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace drover::http {

// `text` (valid UTF-8) as a JSON string, with its quotes.
std::string json_quote(std::string_view text);

// A valid JSON text without its insignificant white space; order of keys, escapes and numbers stay
// as they are.
std::string compact_json(std::string_view json);

// Where `text` stops being UTF-8 (offset in bytes); nothing if it is UTF-8 as a whole. Overlong
// forms, surrogates and what lies beyond U+10FFFF are not UTF-8.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

// Has a control character: U+0000 to U+001F, U+007F, U+0080 to U+009F. `text` is valid UTF-8.
bool has_control_character(std::string_view text);

// Quoted and at most about 80 bytes long, for a message. Works for any bytes: what is not printable
// ASCII or valid UTF-8 is shown as '?'.
std::string excerpt(std::string_view text);

}  // namespace drover::http
