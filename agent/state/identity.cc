#include "agent/state/identity.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "common/files.h"
#include "common/unique_fd.h"

namespace drover::agent::state {
namespace {

constexpr std::size_t kSecretBytes = 32;

// The file: "node UUID\nsecret HEX\n".
std::string text_of(const Identity& identity) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : identity.secret) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return "node " + identity.node.text() + "\nsecret " + hex + "\n";
}

// What stands after "KEY " in the line that `text` begins with; takes the line off.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view key) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(key) || key.size() >= end) {
    return std::nullopt;
  }
  const std::string_view value = text.substr(key.size() + 1, end - key.size() - 1);
  text.remove_prefix(end + 1);
  return value;
}

std::optional<std::string> bytes_of(std::string_view hex) {
  if (hex.size() != 2 * kSecretBytes) return std::nullopt;
  std::string bytes;
  for (std::size_t place = 0; place < hex.size(); place += 2) {
    unsigned byte = 0;
    const char* begin = hex.data() + place;
    const auto [end, error] = std::from_chars(begin, begin + 2, byte, 16);
    if (error != std::errc() || end != begin + 2) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::optional<Identity> parse(std::string_view text) {
  const auto node_text = take_line(text, "node");
  if (!node_text) return std::nullopt;
  const auto secret_text = take_line(text, "secret");
  if (!secret_text || !text.empty()) return std::nullopt;
  const auto node = NodeId::parse(*node_text);
  const auto secret = bytes_of(*secret_text);
  if (!node || !secret) return std::nullopt;
  return Identity{*node, *secret};
}

// As long for each epoch.
std::string text_of(Epoch epoch) {
  std::string digits = std::to_string(epoch.value);
  digits.insert(0, std::numeric_limits<std::uint64_t>::digits10 + 1 - digits.size(), '0');
  return digits + '\n';
}

// Writes into the file as it is, provided that `text` is as long as what it has.
bool overwrite(const std::string& path, std::string_view text) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  struct stat status {};
  return fd && ::fstat(fd.get(), &status) == 0 &&
         status.st_size == static_cast<off_t>(text.size()) &&
         ::pwrite(fd.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) &&
         ::fdatasync(fd.get()) == 0;
}

Result<Identity> make_identity(const std::string& path) {
  Identity made{NodeId{new_uuid()}, std::string(kSecretBytes, '\0')};
  if (::getrandom(made.secret.data(), kSecretBytes, 0) != static_cast<ssize_t>(kSecretBytes)) {
    return system_error("cannot get random bytes", errno);
  }
  if (auto written = write_file_durably(path, text_of(made)); !written) return written.error();
  return made;
}

}  // namespace

Result<Identity> load_or_make_identity(const Layout& layout) {
  const std::string path = layout.identity();
  const auto content = read_file(path);
  if (!content) return content.error();
  if (!*content) return make_identity(path);
  if (auto identity = parse(**content)) return *identity;
  return Error{ErrorKind::invalid,
               path +
                   " is damaged; restore it from a backup, or remove the whole state directory " +
                   layout.root + " to make this machine a new node"};
}

Result<Epoch> load_epoch(const Layout& layout) {
  const auto content = read_file(layout.epoch());
  if (!content) return content.error();
  if (!*content) return Epoch{};
  const std::string& text = **content;
  Epoch epoch;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, epoch.value);
  if (error != std::errc() || end + 1 != last || *end != '\n') {
    return Error{ErrorKind::invalid, layout.epoch() +
                                         " is damaged; write the number of the master's current "
                                         "epoch and a newline into it"};
  }
  return epoch;
}

Status save_epoch(const Layout& layout, Epoch epoch) {
  const std::string text = text_of(epoch);
  const Status replaced = write_file_durably(layout.epoch(), text);
  if (replaced) return replaced;
  // On a full disk there is no room for another file. The old one is as long and, being smaller
  // than a sector, not torn by a power failure.
  if (overwrite(layout.epoch(), text)) return Done{};
  return replaced;
}

}  // namespace drover::agent::state
