#include "master/http/api/log_writer.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "common/limits.h"
#include "master/http/api/end_json.h"
#include "master/http/api/timestamp.h"
#include "master/http/json_text.h"

namespace drover::http {
namespace {

namespace json = boost::json;

// A program prints what it likes, and JSON is UTF-8: each byte that is not becomes U+FFFD.
std::string as_utf8(std::string_view text) {
  std::string valid;
  while (const auto wrong = find_invalid_utf8(text)) {
    valid.append(text.substr(0, *wrong)).append("\xEF\xBF\xBD");
    text.remove_prefix(*wrong + 1);
  }
  return valid.append(text);
}

const char* name_of(bool error_output) { return error_output ? "stderr" : "stdout"; }

json::object object_of(const LogTarget& target) {
  json::object out;
  out["group"] = target.group;
  out["index"] = target.index;
  out["task"] = target.task;
  out["attempt"] = target.attempt.attempt;
  return out;
}

void append_json(const char* kind, json::object content, std::string& out) {
  json::object whole;
  whole[kind] = std::move(content);
  out.append(json::serialize(whole)).append("\n");
}

void append_word(const LogTarget& target, std::string_view message, std::string& out) {
  out.append("[drover] ").append(target.label()).append(": ").append(message).append("\n");
}

}  // namespace

void LogWriter::data(const LogStream& stream, std::string_view bytes, core::UnixMs read_at,
                     PartialLine& rest, std::string& out) const {
  if (format_ == LogFormat::plain) {
    out += bytes;
    if (!bytes.empty()) rest.is_written = bytes.back() != '\n';
    return;
  }
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::size_t room = limits::kLogLineBytes - rest.text.size();
    const std::size_t size = std::min({end, bytes.size(), room});
    rest.text += bytes.substr(0, size);
    const bool has_end = size == end;
    bytes.remove_prefix(has_end ? size + 1 : size);
    if (!has_end && rest.text.size() < limits::kLogLineBytes) return;
    line(stream, rest.text, has_end, read_at, out);
    rest.text.clear();
  }
}

void LogWriter::end(const LogStream& stream, PartialLine& rest, std::string& out) const {
  if (rest.is_written) out += '\n';
  if (!rest.text.empty()) line(stream, rest.text, true, 0, out);
  rest = {};
}

void LogWriter::line(const LogStream& stream, std::string_view text, bool has_end,
                     core::UnixMs read_at, std::string& out) const {
  if (format_ != LogFormat::json) {
    if (format_ == LogFormat::labelled) {
      out.append(stream.target.label()).append(stream.error_output ? " stderr: " : ": ");
    }
    out.append(text).append("\n");
    return;
  }
  json::object shown = object_of(stream.target);
  if (read_at != 0) shown["time"] = timestamp(read_at);
  shown["stream"] = name_of(stream.error_output);
  shown["text"] = as_utf8(text);
  if (!has_end) shown["continues"] = true;
  out.append(json::serialize(shown)).append("\n");
}

void LogWriter::partial(const LogStream& stream, std::string_view code, std::string_view message,
                        std::string& out) const {
  if (format_ != LogFormat::json) return append_word(stream.target, message, out);
  json::object content = object_of(stream.target);
  content["stream"] = name_of(stream.error_output);
  content["node"] = stream.target.node.text();
  content["code"] = code;
  content["message"] = as_utf8(message);
  append_json("partial", std::move(content), out);
}

void LogWriter::note(const LogTarget& target, std::string_view code, std::string_view message,
                     std::string& out) const {
  // Where the bytes themselves are asked for, none are none.
  if (format_ == LogFormat::plain) return;
  if (format_ == LogFormat::labelled) return append_word(target, message, out);
  json::object content = object_of(target);
  content["code"] = code;
  content["message"] = message;
  append_json("note", std::move(content), out);
}

void LogWriter::ended(const LogTarget& target, std::string& out) const {
  const std::string how = target.end.kind == core::EndKind::none
                              ? "ended; how is not remembered here"
                              : end_text(target.end);
  if (format_ != LogFormat::json) return append_word(target, how, out);
  json::object content = object_of(target);
  add_end(target.end, content);
  if (target.end.kind == core::EndKind::none) content["detail"] = how;
  append_json("ended", std::move(content), out);
}

}  // namespace drover::http
