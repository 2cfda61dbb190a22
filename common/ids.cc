#include "common/ids.h"

#include <sys/random.h>

#include <charconv>
#include <cstring>
#include <mutex>

#include "common/check.h"
#include "common/clock.h"

namespace drover {
namespace {

constexpr std::size_t kTextLength = 36;

bool is_hyphen_place(std::size_t place) {
  return place == 8 || place == 13 || place == 18 || place == 23;
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// Takes the last ".<number>" off `text`. No leading zeros: one id has one text.
std::optional<std::uint32_t> take_last_number(std::string_view& text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view digits = text.substr(dot + 1);
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  text = text.substr(0, dot);
  return number;
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  Uuid uuid;
  std::size_t nibble = 0;
  for (std::size_t place = 0; place < kTextLength; ++place) {
    if (is_hyphen_place(place)) {
      if (text[place] != '-') return std::nullopt;
      continue;
    }
    const int value = hex_value(text[place]);
    if (value < 0) return std::nullopt;
    std::uint8_t& byte = uuid.bytes[nibble / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | value);
    ++nibble;
  }
  return uuid;
}

std::optional<Uuid> Uuid::from_bytes(std::string_view raw) {
  Uuid uuid;
  if (raw.size() != uuid.bytes.size()) return std::nullopt;
  std::memcpy(uuid.bytes.data(), raw.data(), raw.size());
  return uuid;
}

std::string Uuid::text() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(kTextLength, '-');
  std::size_t place = 0;
  for (const std::uint8_t byte : bytes) {
    if (is_hyphen_place(place)) ++place;
    out[place++] = kDigits[byte >> 4];
    out[place++] = kDigits[byte & 15];
  }
  return out;
}

std::string_view Uuid::raw() const {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Uuid make_uuid_v7(std::int64_t unix_ms, const std::array<std::uint8_t, 10>& random) {
  Uuid uuid;
  for (int byte = 0; byte < 6; ++byte) {
    uuid.bytes[static_cast<std::size_t>(byte)] =
        static_cast<std::uint8_t>(unix_ms >> (8 * (5 - byte)));
  }
  std::memcpy(uuid.bytes.data() + 6, random.data(), random.size());
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x70);  // version 7
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);  // RFC 9562 variant
  return uuid;
}

Uuid new_uuid() {
  // The 12 bits after the version count up within one millisecond (RFC 9562, section 6.2, method
  // 1), so that ids of one process are in the order of their making.
  static std::mutex mutex;
  static std::int64_t last_ms = 0;
  static std::uint16_t sequence = 0;

  std::array<std::uint8_t, 10> random;
  DROVER_CHECK(::getrandom(random.data(), random.size(), 0) == static_cast<ssize_t>(random.size()),
               "getrandom of 10 bytes cannot be short");
  const std::int64_t now_ms = unix_now_ms();
  const std::lock_guard lock(mutex);
  if (now_ms > last_ms) {
    last_ms = now_ms;
    sequence = static_cast<std::uint16_t>(random[0] & 0x03) << 8 | random[1];
  } else if (++sequence > 0x0fff) {
    ++last_ms;
    sequence = 0;
  }
  random[0] = static_cast<std::uint8_t>(sequence >> 8);
  random[1] = static_cast<std::uint8_t>(sequence);
  return make_uuid_v7(last_ms, random);
}

std::string AllocationId::text() const {
  return instance.text() + '.' + std::to_string(slot) + '.' + std::to_string(generation);
}

std::optional<AllocationId> AllocationId::parse(std::string_view text) {
  const auto generation = take_last_number(text);
  if (!generation) return std::nullopt;
  const auto slot = take_last_number(text);
  if (!slot) return std::nullopt;
  const auto instance = InstanceId::parse(text);
  if (!instance) return std::nullopt;
  return AllocationId{*instance, *slot, *generation};
}

std::string AttemptId::text() const {
  return allocation.text() + '.' + std::to_string(task) + '.' + std::to_string(attempt);
}

std::optional<AttemptId> AttemptId::parse(std::string_view text) {
  const auto attempt = take_last_number(text);
  if (!attempt) return std::nullopt;
  const auto task = take_last_number(text);
  if (!task) return std::nullopt;
  const auto allocation = AllocationId::parse(text);
  if (!allocation) return std::nullopt;
  return AttemptId{*allocation, *task, *attempt};
}

}  // namespace drover

std::size_t std::hash<drover::Uuid>::operator()(const drover::Uuid& uuid) const noexcept {
  // The second half of a version 7 UUID is random enough; the first half spreads the rest.
  std::uint64_t halves[2];
  std::memcpy(halves, uuid.bytes.data(), sizeof halves);
  return halves[1] ^ (halves[0] * 0x9e3779b97f4a7c15ULL);
}
