// What every stored value looks like from outside: one format byte, four bytes of CRC-32C over the
// format and the content (big endian), then the content. Pure; any thread.
//
// RocksDB has checksums of its own, of what it reads from the disk. This one also covers the way
// from the record to RocksDB and back, and values that others wrote.
#pragma once

#include <string>
#include <string_view>

#include "common/result.h"

namespace drover::store {

std::string seal(std::string_view content);
// The content, within `sealed`; the error says what is wrong with it.
Result<std::string_view> unseal(std::string_view sealed);

}  // namespace drover::store
