// GET /api/v1/events
#include "master/core/events.h"

#include <array>

#include "common/limits.h"
#include "master/http/openapi/instance_shape.h"
#include "master/http/openapi/operations.h"
#include "master/http/openapi/shapes.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr auto kLastKind = static_cast<core::EventKind>(core::kEventKinds - 1);

constexpr std::array kEventMembers = std::to_array<Member>({
    {"id", required, schema::text, "INDEX.POSITION: for `after` and `Last-Event-ID`"},
    {"index", required, schema::count, "Of the batch of changes that it belongs to"},
    {"time", required, schema::time, "When it was decided"},
    {"kind", required, schema::word_of<core::EventKind::template_created, kLastKind>,
     "What has happened"},
    {"instance", optional, schema::uuid, "To this instance"},
    {"template", optional, schema::name, "To this template, or an instance of it"},
    {"version", optional, schema::whole<1, limits::kMostVersion>, "Of the template"},
    {"allocation", optional, schema::text, "To this copy"},
    {"group", optional, schema::text, "Its group's name, or position"},
    {"copy", optional, schema::count, "Which copy of the group it is, from 0"},
    {"node", optional, schema::uuid, "On this node, or to it"},
    {"task", optional, schema::text, "To this task"},
    {"attempt", optional, schema::count, "Which attempt of the task, from 1"},
    {"state", optional, schema::text, "Of the instance, the rollout, the task, or its health"},
});
constexpr schema::Component kEventShape{
    "Event", "Something that has happened. Members that do not belong to its kind are absent.",
    schema::object<kEventMembers, kEndMembers>};

constexpr schema::Component kRecordShape{
    "EventRecord",
    "One line of an answer about events: an event, or at the end why there are no more.",
    schema::one_of<schema::ref<kEventShape>, schema::ref<kErrorShape>>};

constexpr std::string_view kLines =
    R"({"id":"3.0","index":3,"time":"2026-11-25T22:45:00.812Z","kind":"template.created","template":"web","version":1}
{"id":"4.0","index":4,"time":"2026-11-25T22:45:01.250Z","kind":"instance.state","instance":"01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10","template":"web","version":1,"state":"pending"}
)";

constexpr std::string_view kServerSent = R"(id: 3.0
event: template.created
data: {"id":"3.0","index":3,"time":"2026-11-25T22:45:00.812Z","kind":"template.created","template":"web","version":1}

)";

}  // namespace

Operation get_events() {
  return {
      .id = "getEvents",
      .tag = "Events",
      .description =
          "What has happened, and happens, as one stream for the whole cluster, which is stored: a "
          "JSON text on each line, or server-sent events, whose `data` is the same, where `Accept` "
          "asks for text/event-stream. Up to the newest, or on with `follow=true`; an empty line, "
          "or a comment, is a sign of life.",
      .headers = {{"Last-Event-ID", schema::text, "1.0",
                   "as `after`, and counts more: a browser that comes back sends it"}},
      .success = {"The events.",
                  {{"application/x-ndjson", schema::ref<kRecordShape>, kLines},
                   {"text/event-stream", schema::text, kServerSent}}},
      .errors = {Code::events_gone, Code::store_failed},
  };
}

}  // namespace drover::http::openapi
