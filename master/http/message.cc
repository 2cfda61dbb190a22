#include "master/http/message.h"

#include <charconv>
#include <ctime>

#include "common/limits.h"
#include "common/service.h"

namespace drover::http {
namespace {

// A connection that waits keeps no more than this in each of its strings.
constexpr std::size_t kKeptBytes = 1024;

void reuse(std::string& text) {
  if (text.capacity() > kKeptBytes) {
    std::string().swap(text);  // an assignment would keep the memory
  } else {
    text.clear();
  }
}

void reuse(RequestHead::Header& header) {
  header.count = 0;
  reuse(header.value);
}

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

void append_number(std::size_t number, std::string& out) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  out.append(digits, end);
}

// The Date header, made anew once a second.
std::string_view date() {
  thread_local std::time_t made_at = 0;
  thread_local char text[40];
  thread_local std::size_t size = 0;
  const std::time_t now = std::time(nullptr);
  if (now != made_at) {
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    size = std::strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    made_at = now;
  }
  return {text, size};
}

}  // namespace

void RequestHead::clear() {
  method = Method::other;
  reuse(method_name);
  reuse(target);
  http10 = false;
  keep_alive = false;
  for (Header* header : {&host, &origin, &expect, &content_length, &transfer_encoding}) {
    reuse(*header);
  }
  rare_.reset();
}

const RequestHead::Rare& RequestHead::rare() const {
  static const Rare none;
  return rare_ ? *rare_ : none;
}

RequestHead::Rare& RequestHead::make_rare() {
  if (!rare_) rare_ = std::make_unique<Rare>();
  return *rare_;
}

bool RequestHead::announces_body() const {
  return transfer_encoding.count > 0 || (content_length.count > 0 && content_length.value != "0");
}

void Request::clear() {
  head.clear();
  reuse(body);
  query = {};
}

namespace {

void append_status(int status, std::string& out) {
  out += "HTTP/1.1 ";
  append_number(static_cast<std::size_t>(status), out);
  out += ' ';
  out += reason(status);
  out += "\r\nServer: drover/" DROVER_VERSION "\r\nDate: ";
  out += date();
}

// What has a tag may be kept by a client that asks each time whether it still holds.
void append_common(bool has_tag, std::string& out) {
  out.append("\r\nCache-Control: ").append(has_tag ? "no-cache" : "no-store");
  out += "\r\nX-Content-Type-Options: nosniff\r\n";
}

void append_connection(const Framing& framing, std::string& out) {
  if (!framing.keep_alive) {
    out += "Connection: close\r\n";
  } else if (framing.http10) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
}

}  // namespace

void append_response(const Response& response, const Framing& framing, std::string& out) {
  const std::string_view text = response.text();
  append_status(response.status, out);
  if (response.status != 204 && response.status != 304) {
    out.append("\r\nContent-Type: ").append(response.content_type);
    out += "\r\nContent-Length: ";
    append_number(text.size(), out);
  }
  append_common(!response.etag.empty(), out);
  if (!response.etag.empty()) out.append("ETag: ").append(response.etag).append("\r\n");
  if (response.varies) out += "Vary: Accept-Encoding\r\n";
  if (response.gzip) out += "Content-Encoding: gzip\r\n";
  if (!response.allow.empty()) out.append("Allow: ").append(response.allow).append("\r\n");
  if (response.retry_after) {
    out += "Retry-After: ";
    append_number(limits::kRetryAfterSeconds, out);
    out += "\r\n";
  }
  append_connection(framing, out);
  if (!framing.head_only) out += text;
}

void append_stream_head(std::string_view content_type, const Framing& framing, std::string& out) {
  append_status(200, out);
  out.append("\r\nContent-Type: ").append(content_type);
  if (!framing.http10) out += "\r\nTransfer-Encoding: chunked";
  append_common(false, out);
  append_connection(framing, out);
}

}  // namespace drover::http
