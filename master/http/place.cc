#include "master/http/place.h"

namespace drover::http {

void append_pointer_key(std::string_view key, std::string& out) {
  constexpr std::size_t kShownBytes = 256;
  out += '/';
  for (std::size_t i = 0; i < key.size(); ++i) {
    const bool starts_character = (static_cast<unsigned char>(key[i]) & 0xC0U) != 0x80U;
    if (i >= kShownBytes && starts_character) {
      out += "...";
      return;
    }
    if (key[i] == '~') {
      out += "~0";
    } else if (key[i] == '/') {
      out += "~1";
    } else {
      out += key[i];
    }
  }
}

std::string Place::pointer() const {
  if (parent_ == nullptr) return "";
  std::string text = parent_->pointer();
  if (is_index_) {
    text.append("/").append(std::to_string(index_));
  } else {
    append_pointer_key(key_, text);
  }
  return text;
}

}  // namespace drover::http
