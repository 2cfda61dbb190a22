// What an answer of the logs says, a JSON text on each line. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace drover::cli {

struct LogEntry {
  enum class Kind {
    line,     // what a task has printed
    ended,    // an attempt is over
    partial,  // something is missing
    note,     // nothing is missing, and it is worth a word
  };
  Kind kind = Kind::line;
  std::string task;          // "web[0].server"
  std::int64_t attempt = 0;  // 0: it is not known which
  bool error_output = false;
  std::string text;        // the line without its end, or a word of the master
  bool continues = false;  // the line goes on in the next one of its stream
  std::string code;        // of `partial` and `note`

  // "web[0].server#2"
  std::string label() const;
  // "web[0].server#2: listening", as the master's own text has it, with a newline.
  std::string labelled() const;
};

// Nothing: the line says nothing, as a sign of life does.
std::optional<LogEntry> parse_log_entry(std::string_view line);

}  // namespace drover::cli
