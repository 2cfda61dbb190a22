// What a task's config says beside its command: under whom, within what, and how it ends; and the
// schema of its logs.
#pragma once

#include <boost/json/value.hpp>

#include "common/task_spec.h"
#include "master/http/template/schema.h"

namespace drover::http {

MaybeProblem read_user(const boost::json::value& value, const Place& place, TaskSpec& task);
MaybeProblem read_stop_signal(const boost::json::value& value, const Place& place, TaskSpec& task);
MaybeProblem read_timeout(const boost::json::value& value, const Place& place, TaskSpec& task);
MaybeProblem read_umask(const boost::json::value& value, const Place& place, TaskSpec& task);
MaybeProblem read_limits(const boost::json::value& value, const Place& place, TaskSpec& task);
MaybeProblem read_stdin(const boost::json::value& value, const Place& place, TaskSpec& task);
MaybeProblem read_success_exit_codes(const boost::json::value& value, const Place& place,
                                     TaskSpec& task);

MaybeProblem read_logs(const boost::json::value& value, const Place& place, TaskSpec& task);
Fields<LogSpec> logs_fields();
inline constexpr schema::Component kLogsSchema{
    "LogPolicy", "How much of the output of a task is kept.", object_of<logs_fields>};

// What those of a config can be that are no plain values.
boost::json::object stop_signal_schema(schema::Components& components);
boost::json::object umask_schema(schema::Components& components);
boost::json::object limits_schema(schema::Components& components);

}  // namespace drover::http
