// One HTTP/1.x request, read piece by piece. The grammar is Boost.Beast's.
#pragma once

#include <cstddef>
#include <memory>

#include "master/http/errors.h"
#include "master/http/input_buffer.h"
#include "master/http/message.h"

namespace drover::http {

class RequestParser {
 public:
  enum class Progress {
    need_more,  // all of the input was used that can be
    head_done,  // the head is complete and there is a body to come; go on when it is to be read
    complete,
    failed,  // see problem(); the rest of the connection cannot be understood
  };

  // Fills `request`, which must outlive this and be clear.
  explicit RequestParser(Request& request);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Takes what it can from `input`.
  Progress feed(InputBuffer& input);

  // A byte of the request itself was taken.
  bool has_started() const;
  const Problem& problem() const { return problem_; }

 private:
  class Grammar;

  Progress fail(Problem problem);

  std::unique_ptr<Grammar> grammar_;
  std::size_t head_bytes_ = 0;  // used so far
  Problem problem_;
};

}  // namespace drover::http
