// What must always hold of what is said to a client.
#pragma once

#include "master/http/errors.h"
#include "master/http/message.h"

namespace drover::fuzz {

// Its message is UTF-8 and says something, its status is one of a client's mistakes, and it becomes
// an answer in the one shape of errors.
void check_problem(const http::Problem& problem);
void check_problem(const http::MaybeProblem& problem);

// A status, and JSON where it says so.
void check_response(const http::Response& response);

}  // namespace drover::fuzz
