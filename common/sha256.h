// SHA-256, by OpenSSL. A library of its own: the agent needs none of that.
#pragma once

#include <string>
#include <string_view>

namespace drover {

// The digest: 32 bytes, which are no text. Pure; any thread.
std::string sha256(std::string_view bytes);

}  // namespace drover
