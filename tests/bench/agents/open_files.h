// Room for many connections.
#pragma once

#include <cstddef>

#include "common/result.h"

namespace drover::bench {

// Raises this process's limit of open files, and that of those that it starts, if it is too low for
// so many connections. The error says what the limit is.
Status allow_connections(std::size_t connections);

}  // namespace drover::bench
