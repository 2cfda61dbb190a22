// GET /api/v1/instances/{id}/logs
#include <array>

#include "master/http/openapi/instance_shape.h"
#include "master/http/openapi/operations.h"
#include "master/http/openapi/shapes.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr std::array<std::string_view, 2> kStreams = {"stdout", "stderr"};
constexpr std::array<std::string_view, 5> kPartialCodes = {
    "node_silent", "not_kept", "too_many_readers", "read_failed", "stream_ended"};
constexpr std::array<std::string_view, 1> kNoteCodes = {"no_output"};

constexpr std::array kPlaceMembers = std::to_array<Member>({
    {"group", required, schema::text, "Its name, or its position"},
    {"index", required, schema::count, "Which copy of the group, from 0"},
    {"task", required, schema::text, "The task's name"},
    {"attempt", required, schema::count, "Which attempt of the task, from 1"},
});

constexpr std::array kLineMembers = std::to_array<Member>({
    {"time", optional, schema::time, "When its node read it; there while it is followed"},
    {"stream", required, schema::word<kStreams>, "Where it was printed"},
    {"text", required, schema::text, "Without its end; what is no UTF-8 is shown as U+FFFD"},
    {"continues", optional, schema::flag, "true: the line is longer, and goes on in the next"},
});
constexpr schema::Component kLineShape{"LogLine", "A line that a task has printed.",
                                       schema::object<kPlaceMembers, kLineMembers>};

constexpr schema::Component kEndShape{"LogEnd", "How an attempt that is followed has ended.",
                                      schema::object<kPlaceMembers, kEndMembers>};

constexpr std::array kPartialMembers = std::to_array<Member>({
    {"stream", required, schema::word<kStreams>, "Of which something is missing"},
    {"node", required, schema::uuid, "Which has it, or had it"},
    {"code", required, schema::word<kPartialCodes>, "Why it is missing, for programs"},
    {"message", required, schema::text, "Why it is missing, for people"},
});
constexpr schema::Component kPartialShape{"LogGap", "Something is missing here.",
                                          schema::object<kPlaceMembers, kPartialMembers>};

constexpr std::array kNoteMembers = std::to_array<Member>({
    {"code", required, schema::word<kNoteCodes>, "What is to be noted, for programs"},
    {"message", required, schema::text, "The same, for people"},
});
constexpr schema::Component kNoteShape{"LogNote", "Something that may surprise.",
                                       schema::object<kPlaceMembers, kNoteMembers>};

constexpr std::array kEndedMembers = std::to_array<Member>({
    {"ended", required, schema::ref<kEndShape>, "How it ended"},
});
constexpr std::array kGapMembers = std::to_array<Member>({
    {"partial", required, schema::ref<kPartialShape>, "What is missing"},
});
constexpr std::array kNotedMembers = std::to_array<Member>({
    {"note", required, schema::ref<kNoteShape>, "What is to be noted"},
});
constexpr schema::Component kEndedShape{"LogEnded", "The end of an attempt, as a line.",
                                        schema::object<kEndedMembers>};
constexpr schema::Component kGapShape{"LogPartial", "A gap, as a line.",
                                      schema::object<kGapMembers>};
constexpr schema::Component kNotedShape{"LogNoted", "A note, as a line.",
                                        schema::object<kNotedMembers>};

constexpr schema::Component kRecordShape{
    "LogRecord", "One line of an answer about logs.",
    schema::one_of<schema::ref<kLineShape>, schema::ref<kEndedShape>, schema::ref<kGapShape>,
                   schema::ref<kNotedShape>>};

constexpr std::string_view kLines =
    R"({"group":"web","index":0,"task":"server","attempt":2,"stream":"stdout","text":"serving"}
{"note":{"group":"web","index":0,"task":"other","attempt":1,"code":"no_output","message":"nothing was printed, or it is not kept on the node any more"}}
)";

}  // namespace

Operation get_logs() {
  return {
      .id = "getInstanceLogs",
      .tag = "Instances",
      .description =
          "What the tasks of an instance have printed, read from their nodes. Of one attempt: its "
          "bytes, standard output before standard error. Of more, or where `Accept` asks for "
          "application/x-ndjson: a JSON text on each line. With `follow=true` it goes on: of one "
          "attempt until it is over, of an instance until that has ended; an empty line is a sign "
          "of life. What is missing is said where it is missing.",
      .path_parameter = instance_in_path(),
      .success = {"What was printed.",
                  {{"application/x-ndjson", schema::ref<kRecordShape>, kLines},
                   {"text/plain", schema::text, "serving\n"}}},
      .errors = {Code::invalid_id, Code::unknown_instance, Code::unknown_group, Code::unknown_task,
                 Code::unknown_attempt, Code::record_damaged, Code::store_failed},
  };
}

}  // namespace drover::http::openapi
