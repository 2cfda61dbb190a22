// What a client is told when the master's store has failed.
#pragma once

#include "common/result.h"
#include "master/core/outcome.h"
#include "master/engine/view.h"
#include "master/http/errors.h"

namespace drover::http {

// Nothing: the reply says nothing of the store, and is the handler's to answer.
MaybeProblem store_problem(const core::Reply& reply);

// The history gave an error instead of an instance.
Problem history_problem(const Error& error);

Problem read_only_problem(const std::string& reason);

}  // namespace drover::http
