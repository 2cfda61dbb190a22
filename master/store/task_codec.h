// How one task of a copy stands, as a message and back. Pure; any thread.
#pragma once

#include "common/result.h"
#include "drover/record.pb.h"
#include "master/core/records.h"

namespace drover::store {

void write(const core::TaskStatus& task, record::Task& message);

// An error says what is wrong with it.
Result<core::TaskStatus> read(const record::Task& message);

}  // namespace drover::store
