#include "common/result.h"

#include <system_error>

namespace drover {

Error system_error(const std::string& doing, int error_number) {
  const ErrorKind kind = error_number == ENOENT ? ErrorKind::not_found : ErrorKind::io;
  return Error{kind, doing + ": " + std::generic_category().message(error_number)};
}

}  // namespace drover
