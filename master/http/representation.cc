#include "master/http/representation.h"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <zlib.h>

#include <optional>
#include <string>

#include "common/sha256.h"

namespace drover::http {
namespace {

// Below this, a compressed answer is hardly shorter than its head.
constexpr std::size_t kWorthCompressing = 1024;
constexpr int kCompressionLevel = 1;   // answers are made anew each time: quick rather than small
constexpr int kGzipWindow = 15 + 16;   // zlib.h, deflateInit2: the largest window, in gzip's frame
constexpr int kMemoryLevel = 8;        // zlib's default
constexpr std::size_t kTagBytes = 12;  // of the digest: no two bodies of one path share so many

// Weak: compressed or not, it stands for the same.
std::string tag_of(std::string_view body) {
  const std::string digest = sha256(body);
  return "W/\"" + absl::BytesToHexString(absl::string_view(digest.data(), kTagBytes)) + "\"";
}

// "gzip" or "*", but not with a weight of zero.
bool takes_gzip(const std::string& accepted) {
  for (const absl::string_view each : absl::StrSplit(accepted, ',')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(each, absl::MaxSplits(';', 1));
    const absl::string_view coding = absl::StripAsciiWhitespace(parts.first);
    if (!absl::EqualsIgnoreCase(coding, "gzip") && coding != "*") continue;
    absl::string_view weight = absl::StripAsciiWhitespace(parts.second);
    double number = 1;
    if (absl::ConsumePrefix(&weight, "q=") && !absl::SimpleAtod(weight, &number)) return false;
    return number > 0;
  }
  return false;
}

// Nothing: zlib has no memory.
std::optional<std::string> compressed(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, kCompressionLevel, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  std::string out(deflateBound(&stream, text.size()), '\0');
  // zlib's interface is older than const.
  stream.next_in =
      const_cast<Bytef*>(static_cast<const Bytef*>(static_cast<const void*>(text.data())));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = static_cast<Bytef*>(static_cast<void*>(out.data()));
  stream.avail_out = static_cast<uInt>(out.size());
  const int done = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (done != Z_STREAM_END) return std::nullopt;
  return out;
}

absl::string_view strong(absl::string_view tag) {
  absl::ConsumePrefix(&tag, "W/");
  return tag;
}

}  // namespace

bool has_tag(const std::string& list, const std::string& tag) {
  for (const absl::string_view each : absl::StrSplit(list, ',')) {
    const absl::string_view one = absl::StripAsciiWhitespace(each);
    if (one == "*" || strong(one) == strong(tag)) return true;
  }
  return false;
}

void represent(const RequestHead& head, Response& response) {
  const bool asks = head.method == Method::get || head.method == Method::head;
  if (!asks || response.status != 200) return;
  if (response.etag.empty()) response.etag = tag_of(response.text());
  if (head.rare().if_none_match.count > 0 &&
      has_tag(head.rare().if_none_match.value, response.etag)) {
    response.status = 304;
    response.body.clear();
    response.shared_body.reset();
    return;
  }
  response.varies = response.text().size() >= kWorthCompressing;
  if (!response.varies || head.rare().accept_encoding.count == 0) return;
  if (!takes_gzip(head.rare().accept_encoding.value)) return;
  auto shorter = compressed(response.text());
  if (!shorter) return;
  response.body = std::move(*shorter);
  response.shared_body.reset();
  response.gzip = true;
}

}  // namespace drover::http
