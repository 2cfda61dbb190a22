#include "master/store/sealed.h"

#include <cstdint>

#include "common/checksum.h"

namespace drover::store {
namespace {

constexpr char kFormat = 2;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kHeadBytes = 1 + kChecksumBytes;

std::string checksum_of(std::string_view content) {
  const std::uint32_t crc = crc32c(std::string(1, kFormat).append(content));
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(crc >> shift));
  return bytes;
}

}  // namespace

std::string seal(std::string_view content) {
  std::string sealed;
  sealed.reserve(kHeadBytes + content.size());
  sealed.push_back(kFormat);
  return sealed.append(checksum_of(content)).append(content);
}

Result<std::string_view> unseal(std::string_view sealed) {
  if (sealed.empty()) return Error{ErrorKind::invalid, "the record is empty"};
  if (sealed.front() != kFormat) {
    return Error{ErrorKind::invalid, "the record's format is " +
                                         std::to_string(static_cast<int>(sealed.front())) +
                                         ", known is " + std::to_string(static_cast<int>(kFormat))};
  }
  if (sealed.size() < kHeadBytes) return Error{ErrorKind::invalid, "the record is cut off"};
  const std::string_view content = sealed.substr(kHeadBytes);
  if (sealed.substr(1, kChecksumBytes) != checksum_of(content)) {
    return Error{ErrorKind::invalid, "the record's checksum is not that of its content"};
  }
  return content;
}

}  // namespace drover::store
