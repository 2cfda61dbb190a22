// What the program ends with. The numbers never change their meaning; README.md lists them.
#pragma once

#include "common/result.h"

namespace drover::cli {

enum ExitCode : int {
  kSuccess = 0,
  kRefused = 1,      // the master refuses what was asked, or a file cannot be used
  kUsage = 2,        // a wrong flag or argument
  kUnreachable = 3,  // the master gave no answer
  kUnknown = 4,      // there is no such instance, template, node
  kConflict = 5,     // it cannot be done as things stand
  kUnavailable = 6,  // the master cannot do it now
  kEndedBadly = 7,   // what was waited for has failed, was lost or was stopped
  kTimedOut = 8,     // what was waited for did not come in time
  // Of `run`, where the task has no code of its own.
  kTaskLost = 121,        // nobody knows how it ended
  kTaskNotStarted = 122,  // it never began
  kRunTimedOut = 124,     // it still runs
  kRunFailed = 125,       // drover itself could not do its part
  kInterrupted = 130,     // SIGINT, as shells count it
};

ExitCode exit_code_of(ErrorKind kind);

}  // namespace drover::cli
