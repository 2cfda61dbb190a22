#include "master/http/openapi/instance_shape.h"

#include "common/limits.h"
#include "master/core/phases.h"
#include "master/core/records.h"
#include "master/http/template/values.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr auto kVersion = schema::whole<1, limits::kMostVersion>;
constexpr auto kTaskState = schema::word_of<core::TaskState::waiting, core::TaskState::restarting>;
constexpr std::array<std::string_view, 2> kUnenforced = {"cpu", "memory"};
constexpr std::array<std::string_view, 2> kJudged = {"healthy", "unhealthy"};

constexpr std::array kHealthMembers = std::to_array<Member>({
    {"state", required, schema::word<kJudged>, "What its checks have come to"},
    {"since", required, schema::time, "For how long"},
    {"failure", optional, schema::text, "What a check said that failed, for people"},
});
constexpr schema::Component kHealthShape{"TaskHealth", "Whether a task is well.",
                                         schema::object<kHealthMembers>};

constexpr std::array kUsedMembers = std::to_array<Member>({
    {"cpu_ms", required, schema::count, "Processor time, of all its processes, in milliseconds"},
    {"memory_bytes", optional, schema::count, "While it runs: resident memory of its processes"},
    {"memory_peak_bytes", optional, schema::count,
     "The most that was seen: of its largest process, or of all together when they were measured. "
     "Absent where it was too little to tell from the memory of what started it"},
    {"at", optional, schema::time, "While it runs: when the master heard of it"},
});
constexpr schema::Component kUsedShape{
    "ResourceUse",
    "What the processes of an attempt have used; measured every 15 seconds while it runs.",
    schema::object<kUsedMembers>};

constexpr std::array kAttemptMembers = std::to_array<Member>({
    {"attempt", required, schema::count, "Its number, from 1"},
    {"started", optional, schema::time, "When its process began; absent where there was none"},
    {"ended", required, schema::time, "When its node saw it end"},
    {"used", optional, schema::ref<kUsedShape>, "What it has used, where that is known"},
});
constexpr schema::Component kAttemptShape{"FormerAttempt",
                                          "An attempt that another one has followed in place.",
                                          schema::object<kAttemptMembers, kEndMembers>};

constexpr std::array kTaskMembers = std::to_array<Member>({
    {"name", required, schema::text, "What it is called; empty where its template is gone"},
    {"state", required, kTaskState, "How it is"},
    {"attempt", required, schema::count, "The latest; 0: none was reported yet"},
    {"restarts", required, schema::count, "How often it was begun again in place"},
    {"next_start", optional, schema::time, "While it is `restarting`: when it is begun again"},
    {"started", optional, schema::time, "When the process of this attempt began"},
    {"ended", optional, schema::time, "When its node saw this attempt end"},
    {"restart_requested", optional, schema::flag,
     "true: this attempt is to be ended, and begun again, as soon as its node hears of it"},
    {"health", optional, schema::ref<kHealthShape>, "Absent without checks, or a judgement yet"},
    {"used", optional, schema::ref<kUsedShape>, "Of this attempt; absent: not measured yet"},
    {"previous", required, schema::list<schema::ref<kAttemptShape>>,
     "Earlier attempts in place that are remembered, the oldest first"},
    {"not_enforced", optional, schema::list<schema::word<kUnenforced>>,
     "What it asks for of its resources and its node cannot see to"},
});
constexpr schema::Component kTaskShape{"TaskStatus", "How a task of a copy is.",
                                       schema::object<kTaskMembers, kEndMembers>};

constexpr std::array kFormerMembers = std::to_array<Member>({
    {"slot", optional, schema::count, "Absent: that of the copy that remembers it"},
    {"generation", required, schema::count, "Which one of its slot it was"},
    {"node", required, schema::uuid, "Where it was"},
    {"state", required, kTaskState, "Of the task that stands for it: the worst"},
    {"ended", required, schema::time, "When it was over"},
    {"used", optional, schema::ref<kUsedShape>, "By the same task, where that is known"},
});
constexpr schema::Component kFormerShape{"FormerCopy", "A copy whose place another one has taken.",
                                         schema::object<kFormerMembers, kEndMembers>};

constexpr std::array kConstraintMembers = std::to_array<Member>({
    {"constraint", required, schema::text, "`label.zone = north`"},
    {"nodes", required, schema::count, "How many it rules out that nothing before it did"},
});
constexpr schema::Component kConstraintShape{"ExcludingConstraint",
                                             "A constraint, and the nodes that it rules out.",
                                             schema::object<kConstraintMembers>};

constexpr std::array kNearestMembers = std::to_array<Member>({
    {"node", required, schema::uuid, "Which one"},
    {"lacks_cpu", required, schema::number, "Cores that are missing there"},
    {"lacks_memory_bytes", required, schema::count, "Bytes that are missing there"},
});
constexpr schema::Component kNearestShape{"NearestNode",
                                          "The node where nothing but room is missing, and least.",
                                          schema::object<kNearestMembers>};

constexpr std::array kExclusionMembers = std::to_array<Member>({
    {"nodes", required, schema::count, "How many there are"},
    {"offline", required, schema::count, "Of them offline"},
    {"draining", required, schema::count, "Of the rest drained"},
    {"refusing_work", required, schema::count, "Of the rest those whose agents take no work"},
    {"constraints", required, schema::list<schema::ref<kConstraintShape>>,
     "Of the rest by each constraint, in their order"},
    {"too_little_cpu", required, schema::count, "Of the rest with too little processor left"},
    {"too_little_memory", required, schema::count, "Of the rest with too little memory left"},
    {"nearest", optional, schema::ref<kNearestShape>, "Where room alone is missing"},
});
}  // namespace

constexpr schema::Component kExclusionShape{
    "Exclusion", "What rules out the nodes: each is counted once, by the first that does.",
    schema::object<kExclusionMembers>};

namespace {

constexpr std::array kCopyMembers = std::to_array<Member>({
    {"group", required, schema::count, "The group's position in its template, from 0"},
    {"name", optional, schema::name, "The group's, where it has one"},
    {"index", required, schema::count, "Which copy of the group it is, from 0"},
    {"allocation", required, schema::text, "INSTANCE.SLOT.GENERATION: `DROVER_ALLOCATION_ID`"},
    {"generation", required, schema::count, "Grows whenever another copy takes the place"},
    {"version", required, kVersion, "Of the template"},
    {"asked_to_end", optional, schema::flag, "true: it is replaced, not wanted, or moved"},
    {"replaces_slot", optional, schema::count, "The slot that goes when this copy proves well"},
    {"state", required, schema::word_of<core::Phase::waiting, core::Phase::ended>, "How it is"},
    {"node", optional, schema::uuid, "Where it is; absent while it waits"},
    {"for_node", optional, schema::uuid, "While it waits: the only node that it may be on"},
    {"reason", optional, schema::text, "While it waits: why, for people"},
    {"waits_for", optional, schema::word_of<core::WaitReason::none, core::WaitReason::its_node>,
     "While it waits: why, for programs"},
    {"excluded", optional, schema::ref<kExclusionShape>, "While it waits: what rules out nodes"},
    {"stands_in_for", optional, schema::text,
     "The allocation on a silent node in whose place it is"},
    {"tasks", required, schema::list<schema::ref<kTaskShape>>, "In the order of the template"},
    {"former", required, schema::list<schema::ref<kFormerShape>>,
     "Earlier copies that are remembered, the oldest first"},
});
constexpr schema::Component kCopyShape{"Copy", "One copy of a group of an instance.",
                                       schema::object<kCopyMembers>};

constexpr std::array kRolloutMembers = std::to_array<Member>({
    {"state", required, schema::word_of<core::RolloutState::updating, core::RolloutState::failed>,
     "How far it is"},
    {"from_version", required, kVersion, "Of the template, before"},
    {"to_version", required, kVersion, "Of the template, afterwards"},
    {"reason", optional, schema::text, "Why it was taken back, for people"},
    {"since", required, schema::time, "When it came to this state"},
});
constexpr schema::Component kRolloutShape{"Rollout", "A change of version, the last one.",
                                          schema::object<kRolloutMembers>};

constexpr std::array kInstanceMembers = std::to_array<Member>({
    {"id", required, schema::uuid, "What it is called"},
    {"template", required, schema::name, "Of which template it is"},
    {"version", required, kVersion, "Of the template, that its copies have or shall have"},
    {"index", required, schema::count, "Of the last change of it: for `wait`"},
    {"state", required, schema::word_of<core::InstanceState::pending, core::InstanceState::lost>,
     "How it is"},
    {"cause", optional, schema::text, "Why it is not simply well, for people"},
    {"since", required, schema::time, "When it came to this state"},
    {"created", required, schema::time, "When it was deployed"},
    {"scheduled_for", optional, schema::time, "Made by its template's schedule: when it was due"},
    {"stop_requested", required, schema::flag, "It was asked to stop, which is final"},
    {"rollout", optional, schema::ref<kRolloutShape>, "Where there has been an update"},
    {"parameters", required, schema::map<schema::text>, "Names and values, defaults included"},
    {"groups", required, schema::list<schema::ref<kCopyShape>>, "All copies, group by group"},
});

}  // namespace

constexpr schema::Component kInstanceShape{"Instance", "One deployment of a template.",
                                           schema::object<kInstanceMembers>};

}  // namespace drover::http::openapi
