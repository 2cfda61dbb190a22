// One HTTP/1.x request, read piece by piece. The grammar is Boost.Beast's.
#pragma once

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

  bool head_is_done() const;
  const Problem& problem() const { return problem_; }

 private:
  class Grammar;

  Progress fail(Code code, const std::string& message);

  std::unique_ptr<Grammar> grammar_;
  Problem problem_;
};

}  // namespace drover::http
