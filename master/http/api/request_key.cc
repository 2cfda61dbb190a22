#include "master/http/api/request_key.h"

#include <algorithm>
#include <string>

#include "common/limits.h"
#include "common/sha256.h"

namespace drover::http {
namespace {

bool is_visible(char each) { return each > ' ' && each <= '~'; }

// Of names and values that no text can imitate: no template's name and no parameter has a zero
// byte.
std::string digest_of(const core::Deploy& command) {
  std::string text = command.template_name;
  for (const auto& [name, value] : command.parameters) {
    text.append(1, '\0').append(name).append(1, '\0').append(value);
  }
  return sha256(text);
}

}  // namespace

MaybeProblem read_request_key(const RequestHead& head, core::Deploy& command) {
  const RequestHead::Header& header = head.rare().idempotency_key;
  if (header.count == 0) return std::nullopt;
  const std::string& key = header.value;
  const bool is_right = header.count == 1 && !key.empty() &&
                        key.size() <= limits::kRequestKeyBytes &&
                        std::all_of(key.begin(), key.end(), is_visible);
  if (!is_right) {
    return Problem{Code::invalid_value,
                   "the header Idempotency-Key is to be there once, with 1 to " +
                       std::to_string(limits::kRequestKeyBytes) +
                       " visible characters of ASCII, like a new UUID for each deploy",
                   ""};
  }
  command.key = key;
  command.digest = digest_of(command);
  return std::nullopt;
}

Problem key_reused() {
  return {Code::idempotency_key_reused,
          "this Idempotency-Key was given with a deploy of something else, and nothing was done; "
          "choose a new key for each deploy, and send the same request to repeat one",
          ""};
}

}  // namespace drover::http
