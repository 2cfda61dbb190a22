// Times as the API shows them: RFC 3339, UTC, milliseconds.
#pragma once

#include <string>

#include "master/core/records.h"

namespace drover::http {

// "2026-01-31T23:59:59.123Z". Pure.
std::string timestamp(core::UnixMs time);

}  // namespace drover::http
