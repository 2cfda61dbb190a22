// Times as the API shows and reads them: RFC 3339, UTC, milliseconds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "master/core/records.h"

namespace drover::http {

// "2026-01-31T23:59:59.123Z". Pure.
std::string timestamp(core::UnixMs time);

// RFC 3339, with "Z" or an offset, and as many digits of a second as there are. Nothing: it is
// none. Pure.
std::optional<core::UnixMs> parse_timestamp(std::string_view text);

}  // namespace drover::http
