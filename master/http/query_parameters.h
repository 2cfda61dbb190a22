// The parameters that calls take in their query. Each example is right by itself,
// but that of `timeout`, which needs a `wait`.
#pragma once

#include <array>

#include "common/limits.h"
#include "master/http/openapi/schema.h"
#include "master/http/query.h"

namespace drover::http {

// Of an instance and a node, in examples.
inline constexpr std::string_view kInstanceExample = "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10";
inline constexpr std::string_view kNodeExample = "01930b7e-4d21-7e0a-8f3b-9b6d2c1a7f05";

inline constexpr std::array<std::string_view, 3> kLogStreamWords = {"stdout", "stderr", "both"};

inline constexpr QueryParameter kLimitParameter{"limit", schema::whole<1, limits::kLongestPage>,
                                                "100",
                                                "how many at the most: 1 to 1,000; 100 without"};

inline constexpr std::array kTemplatePageParameters = {
    kLimitParameter,
    QueryParameter{"cursor", schema::text, "report",
                   "go on where an earlier answer says that there is more"},
};

inline constexpr std::array kNodePageParameters = {
    kLimitParameter,
    QueryParameter{"cursor", schema::uuid, kNodeExample,
                   "go on where an earlier answer says that there is more"},
};

inline constexpr std::array kPutParameters = {
    QueryParameter{"dry_run", schema::flag, "true", "true: only say whether it would be taken"},
};

inline constexpr std::array kDeployParameters = {
    QueryParameter{"dry_run", schema::flag, "true",
                   "true: only say where each copy would go now, or why it would wait"},
};

inline constexpr std::array kRemoveParameters = {
    QueryParameter{"force", schema::flag, "true",
                   "true: also while instances of it have not ended"},
};

inline constexpr std::array kVersionParameters = {
    QueryParameter{"version", schema::whole<1, limits::kMostVersion>, "1",
                   "another version than the newest"},
};

inline constexpr std::array kListParameters = {
    QueryParameter{"state", schema::text, "running,degraded",
                   "in one of these states, with commas between them"},
    QueryParameter{"template", schema::name, "report", "of this template"},
    QueryParameter{"label", schema::text, "team=data",
                   "whose template has this label, or all of these with commas between them"},
    QueryParameter{"node", schema::uuid, kNodeExample,
                   "with a copy on this node, now or when it ended"},
    QueryParameter{"since", schema::time, "2026-11-25T00:00:00Z", "made then or later"},
    QueryParameter{"until", schema::time, "2026-11-26T00:00:00Z", "made before"},
    kLimitParameter,
    QueryParameter{"cursor", schema::uuid, kInstanceExample,
                   "go on where an earlier answer says that there is more"},
};

inline constexpr std::array kEventParameters = {
    QueryParameter{"after", schema::text, "1.0",
                   "behind this event, or all of this index; without, from the oldest that is "
                   "kept; the header Last-Event-ID says the same"},
    QueryParameter{"follow", schema::flag, "true",
                   "go on with what happens from now on; server-sent events do, without"},
    QueryParameter{"kind", schema::text, "task,node.offline",
                   "of these kinds, or beginnings of kinds, with commas between them"},
    QueryParameter{"instance", schema::uuid, kInstanceExample, "of this instance"},
    QueryParameter{"template", schema::name, "report", "of this template and its instances"},
    QueryParameter{"node", schema::uuid, kNodeExample, "of this node"},
};

inline constexpr std::array kWaitParameters = {
    QueryParameter{"wait", schema::text, "running",
                   "answer when it has ended (terminal), is neither pending nor starting "
                   "(running), or when its index is greater than this one"},
    QueryParameter{"timeout", schema::duration, "30s",
                   "then answer in any case: up to 10m; 60s without"},
};

inline constexpr std::array kLogParameters = {
    QueryParameter{"group", schema::name, "web", "of this group: its name, or its position from 0"},
    QueryParameter{"index", schema::count, "0", "of this copy of each group"},
    QueryParameter{"task", schema::name, "server",
                   "of this task: its name, or its position in its group from 0"},
    QueryParameter{"attempt", schema::text, "1",
                   "of this attempt, or of `all` of them; without, of the latest one"},
    QueryParameter{"generation", schema::whole<1, UINT32_MAX>, "1",
                   "of an earlier copy in the same place"},
    QueryParameter{"stream", schema::word<kLogStreamWords>, "stderr", "both without"},
    QueryParameter{"tail", schema::whole<0, limits::kLogTail>, "100",
                   "no more than so many lines at the end of each"},
    QueryParameter{"since", schema::time, "2026-11-25T00:00:00Z",
                   "without files that were written to last before then"},
    QueryParameter{"follow", schema::flag, "true",
                   "go on with what is printed until all of it has ended"},
};

}  // namespace drover::http
