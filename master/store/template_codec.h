// What a template says, as a message and back.
#pragma once

#include "common/result.h"
#include "drover/record.pb.h"
#include "master/core/records.h"

namespace drover::store {

void write(const core::TemplateSpec& spec, record::TemplateSpec& message);

// Fails where a number stands for nothing that this program knows.
Result<core::TemplateSpec> read(const record::TemplateSpec& message);

}  // namespace drover::store
