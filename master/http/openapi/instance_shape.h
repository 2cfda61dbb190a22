// An instance with its copies and tasks, and how an attempt ended, as they are answered.
#pragma once

#include <array>

#include "common/task_spec.h"
#include "master/http/openapi/schema.h"

namespace drover::http::openapi {

extern const schema::Component kInstanceShape;
extern const schema::Component kExclusionShape;

// How an attempt ended, beside other members. None of them is there while it has not.
inline constexpr std::array kEndMembers = std::to_array<schema::Member>({
    {"exit_code", Presence::optional, schema::whole<0, 255>, "It exited with this code"},
    {"signal", Presence::optional, schema::whole<1, 64>, "It was ended by this signal"},
    {"errno", Presence::optional, schema::count,
     "It could not be started: the error of the system call, by its number on Linux"},
    {"fenced", Presence::optional, schema::flag,
     "true: it was ended by its node, whose lease had run out"},
    {"reason", Presence::optional, schema::word_of<EndReason::itself, EndReason::restart>,
     "Why it ended: by `itself`, or nobody knows; or what ended it"},
    {"output_dropped_bytes", Presence::optional, schema::count,
     "Bytes of its output that its node could not write"},
    {"detail", Presence::optional, schema::text, "How and why it ended, for people"},
});

}  // namespace drover::http::openapi
