#include "cli/commands/exit_codes.h"

namespace drover::cli {

ExitCode exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return kRefused;
    case ErrorKind::not_found:
      return kUnknown;
    case ErrorKind::conflict:
      return kConflict;
    case ErrorKind::unavailable:
      return kUnavailable;
    case ErrorKind::io:
      return kUnreachable;
  }
  return kRefused;
}

}  // namespace drover::cli
