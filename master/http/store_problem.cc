#include "master/http/store_problem.h"

namespace drover::http {
namespace {

constexpr char kWhatToDo[] = "mend the disk or make room, then start the master again";

}  // namespace

Problem read_only_problem(const std::string& reason) {
  return {Code::read_only,
          "nothing was done: the master can write nothing any more and only answers questions; " +
              std::string(kWhatToDo) + "; the reason: " + reason,
          ""};
}

Problem history_problem(const Error& error) {
  if (error.kind == ErrorKind::invalid) {
    return {Code::record_damaged,
            error.message + "; everything else is served; a backup may still have it", ""};
  }
  return {Code::store_failed,
          "the history cannot be read: " + error.message + "; see the master's log", ""};
}

MaybeProblem store_problem(const core::Reply& reply) {
  switch (reply.code) {
    case core::ReplyCode::store_failed:
      return Problem{Code::store_failed,
                     "the change could not be written to the master's disk and is not in force; "
                     "whether it is there after the next start has to be asked for then; " +
                         std::string(kWhatToDo) + "; the reason: " + reply.detail,
                     ""};
    case core::ReplyCode::read_only:
      return read_only_problem(reply.detail);
    case core::ReplyCode::store_unreadable:
      return Problem{Code::store_failed,
                     "nothing was done: it cannot be read whether this Idempotency-Key was used "
                     "before; send the request with a new key if it was not; the reason: " +
                         reply.detail,
                     ""};
    case core::ReplyCode::stop_not_recorded:
      return Problem{Code::stop_not_recorded,
                     "what runs was told to stop, but the wish could not be written down: after "
                     "the next start of the master, groups that wait or may run again will run; "
                     "ask for the stop again then; " +
                         reply.detail,
                     ""};
    default:
      return std::nullopt;
  }
}

}  // namespace drover::http
