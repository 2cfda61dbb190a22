// Output as an answer says it: as it is, as lines that say whose they are, or as JSON texts, one on
// each line. Pure; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "master/http/api/log_targets.h"

namespace drover::http {

enum class LogFormat {
  plain,     // the bytes, where one stream comes after the other
  lines,     // each line as it is, where several come side by side
  labelled,  // each line behind the label of its attempt
  json,
};

// One output stream of an attempt.
struct LogStream {
  const LogTarget& target;
  bool error_output = false;
};

// A line that has not come to its end yet.
struct PartialLine {
  std::string text;
  bool is_written = false;  // its beginning, by `plain`
};

class LogWriter {
 public:
  explicit LogWriter(LogFormat format) : format_(format) {}

  // `read_at`: ms since 1970, 0 where that says nothing. What has no newline yet stays in `rest`,
  // but for a line longer than limits::kLogLineBytes.
  void data(const LogStream& stream, std::string_view bytes, core::UnixMs read_at,
            PartialLine& rest, std::string& out) const;
  // A rest is a line too: nothing follows, or something else is to be said.
  void end(const LogStream& stream, PartialLine& rest, std::string& out) const;

  // Something is missing. `code` is one of the words that README.md lists.
  void partial(const LogStream& stream, std::string_view code, std::string_view message,
               std::string& out) const;
  // Nothing is missing, and it is worth a word all the same.
  void note(const LogTarget& target, std::string_view code, std::string_view message,
            std::string& out) const;
  // The attempt is over.
  void ended(const LogTarget& target, std::string& out) const;

 private:
  void line(const LogStream& stream, std::string_view text, bool has_end, core::UnixMs read_at,
            std::string& out) const;

  const LogFormat format_;
};

}  // namespace drover::http
