// Result<T>: a value, or an Error that says what went wrong and what to do next.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "common/check.h"

namespace drover {

// What kind of failure, for a caller that must choose; the message is for a person.
enum class ErrorKind {
  invalid,      // the input is wrong
  not_found,    // no such thing
  conflict,     // it exists already, with other content
  unavailable,  // cannot be done now; may be tried again
  io,           // the operating system or the store refused
};

struct Error {
  ErrorKind kind = ErrorKind::io;
  std::string message;  // what was wrong, where, what to do; no trailing full stop
};

// "cannot open /x: Permission denied". `doing` is the part before the colon; errno is taken as
// given.
Error system_error(const std::string& doing, int error_number);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : content_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }

  // The value may be asked for only when ok(), the error only when not.
  const T& value() const& {
    DROVER_CHECK(ok(), "value() of a failed Result");
    return std::get<T>(content_);
  }
  T& value() & {
    DROVER_CHECK(ok(), "value() of a failed Result");
    return std::get<T>(content_);
  }
  T&& value() && {
    DROVER_CHECK(ok(), "value() of a failed Result");
    return std::get<T>(std::move(content_));
  }
  const Error& error() const {
    DROVER_CHECK(!ok(), "error() of a successful Result");
    return std::get<Error>(content_);
  }

  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, Error> content_;
};

// A Result that carries nothing but success.
struct Done {};
using Status = Result<Done>;

}  // namespace drover
