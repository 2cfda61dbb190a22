#include "cli/client/log_resume.h"

namespace drover::cli {

void LogResume::begin_again() {
  for (auto& [origin, stream] : streams_) stream.here = 0;
}

bool LogResume::is_new(LogEntry& entry, const Warn& warn) {
  switch (entry.kind) {
    case LogEntry::Kind::line:
      return is_new_line(entry, warn);
    case LogEntry::Kind::ended:
      return ended_.insert(entry.label()).second;
    case LogEntry::Kind::note:
      return said_.insert(entry.label() + entry.text).second;
    case LogEntry::Kind::partial:
      break;
  }
  return true;
}

bool LogResume::is_new_line(LogEntry& entry, const Warn& warn) {
  Stream& stream = streams_[{entry.label(), entry.error_output}];
  ++stream.here;
  if (stream.here < stream.known) return false;
  if (stream.here > stream.known) {
    stream.known = stream.here;
    stream.last = entry.text;
    return true;
  }
  if (entry.text == stream.last) return false;
  const bool was_cut = entry.text.starts_with(stream.last);
  const std::string before = std::exchange(stream.last, entry.text);
  if (was_cut) {
    entry.text.erase(0, before.size());
  } else {
    warn("its node keeps the beginning no more of what " + entry.label() +
         " has printed: lines may be missing here, from the time without a connection");
  }
  return true;
}

}  // namespace drover::cli
