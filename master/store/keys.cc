#include "master/store/keys.h"

namespace drover::store {
namespace {

constexpr std::size_t kNumberBytes = 8;

void append_big_endian(std::string& to, std::uint64_t number, std::size_t bytes) {
  for (std::size_t place = bytes; place > 0; --place) {
    to.push_back(static_cast<char>(number >> (8 * (place - 1))));
  }
}

}  // namespace

std::string big_endian(std::uint64_t number) {
  std::string bytes;
  append_big_endian(bytes, number, kNumberBytes);
  return bytes;
}

std::optional<std::uint64_t> from_big_endian(std::string_view bytes) {
  if (bytes.size() != kNumberBytes) return std::nullopt;
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::string former_template_key(const std::string& name, std::uint32_t version) {
  return name + std::string(1, '\0') + big_endian(version);
}

std::string allocation_key(const InstanceId& instance, std::uint32_t slot) {
  std::string key(instance.raw());
  append_big_endian(key, slot, 4);
  return key;
}

std::optional<std::pair<InstanceId, std::uint32_t>> parse_allocation_key(std::string_view key) {
  constexpr std::size_t kGroupBytes = 4;
  if (key.size() != sizeof(Uuid) + kGroupBytes) return std::nullopt;
  std::uint32_t slot = 0;
  for (const char byte : key.substr(sizeof(Uuid))) {
    slot = slot << 8 | static_cast<unsigned char>(byte);
  }
  return std::pair{InstanceId::from_bytes(key.substr(0, sizeof(Uuid))).value(), slot};
}

std::string history_order_key(Index index, const InstanceId& instance) {
  std::string key = big_endian(index.value);
  key += instance.raw();
  return key;
}

std::optional<InstanceId> instance_of_history_order_key(std::string_view key) {
  if (key.size() < kNumberBytes) return std::nullopt;
  return InstanceId::from_bytes(key.substr(kNumberBytes));
}

std::string quarantine_key(std::string_view family, std::string_view key, std::int64_t unix_ms) {
  std::string result(family);
  result += '/';
  result += key;
  append_big_endian(result, static_cast<std::uint64_t>(unix_ms), kNumberBytes);
  return result;
}

}  // namespace drover::store
