#include "cli/client/log_entry.h"

#include <boost/json/parse.hpp>

#include "cli/client/answers.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

void read_origin(const json::object& from, LogEntry& entry) {
  entry.task = text_of(from, "group") + "[" + std::to_string(number_of(from, "index")) + "]." +
               text_of(from, "task");
  entry.attempt = number_of(from, "attempt");
  entry.error_output = text_of(from, "stream") == "stderr";
}

struct Word {
  const char* name;
  LogEntry::Kind kind;
  const char* text;
};
constexpr Word kWords[] = {{"ended", LogEntry::Kind::ended, "detail"},
                           {"partial", LogEntry::Kind::partial, "message"},
                           {"note", LogEntry::Kind::note, "message"}};

}  // namespace

std::string LogEntry::label() const {
  return attempt == 0 ? task : task + "#" + std::to_string(attempt);
}

std::string LogEntry::labelled() const {
  if (kind != Kind::line) return "[drover] " + label() + ": " + text + "\n";
  return label() + (error_output ? " stderr: " : ": ") + text + "\n";
}

std::optional<LogEntry> parse_log_entry(std::string_view line) {
  json::error_code error;
  const json::value value = json::parse({line.data(), line.size()}, error);
  if (error || !value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  LogEntry entry;
  for (const Word& word : kWords) {
    const json::object& content = object_of(object, word.name);
    if (content.empty()) continue;
    read_origin(content, entry);
    entry.kind = word.kind;
    entry.text = text_of(content, word.text);
    entry.code = text_of(content, "code");
    return entry;
  }
  read_origin(object, entry);
  entry.text = text_of(object, "text");
  entry.continues = flag_of(object, "continues");
  return entry;
}

}  // namespace drover::cli
