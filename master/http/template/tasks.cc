#include "master/http/template/tasks.h"

#include <array>

#include "common/limits.h"
#include "master/http/template/after.h"
#include "master/http/template/config.h"
#include "master/http/template/health.h"
#include "master/http/template/resources.h"
#include "master/http/template/restart.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestPath = 4095;  // PATH_MAX less the terminating NUL

MaybeProblem read_command(const json::value& value, const Place& place, TaskSpec& task) {
  return read_text(value, place, limits::kCommandBytes, task.command);
}

MaybeProblem read_args(const json::value& value, const Place& place, TaskSpec& task) {
  return read_list(value, place, limits::kArguments, limits::kCommandBytes, task.args.emplace());
}

MaybeProblem read_env(const json::value& value, const Place& place, TaskSpec& task) {
  return read_strings(value, place, {limits::kEnvironmentEntries, "entries", check_variable},
                      limits::kCommandBytes, task.env);
}

MaybeProblem read_working_dir(const json::value& value, const Place& place, TaskSpec& task) {
  if (auto problem = read_text(value, place, kLongestPath, task.working_dir.emplace())) {
    return problem;
  }
  if (task.working_dir->front() == '/') return std::nullopt;
  return problem_at(place, Code::invalid_value, "must be an absolute path; begin it with /");
}

MaybeProblem read_stop_grace(const json::value& value, const Place& place, TaskSpec& task) {
  return read_duration(value, place, limits::kLongestStopGrace, task.stop_grace.emplace());
}

MaybeProblem read_task_name(const json::value& value, const Place& place, TaskSpec& task) {
  return read_name(value, place, task.name);
}

MaybeProblem read_config(const json::value& value, const Place& place, TaskSpec& task) {
  return read_fields(value, place, config_fields(), task);
}

using enum Presence;

// clang-format off
constexpr std::array kConfigFields = std::to_array<Field<TaskSpec>>({
    {"command", required, read_command, schema::text_of<1, limits::kCommandBytes>, R"("/opt/apps/clean.sh --all")",
     "With `args`: a program, looked up in the task's `PATH` unless it has a slash. Without: a line for `/bin/sh -c`. At "
     "most 128 KiB"},
    {"args", optional, read_args, schema::list<schema::text, 0, limits::kArguments>, R"(["--input", "orders.csv"])",
     "The program's arguments, each as it is; no shell sees them. At most 10,000"},
    {"env", optional, read_env, schema::map<schema::text>, R"({"MODE": "fast"})",
     "Environment variables, over those that Drover sets. Names of letters, digits and `_`; `DROVER_...` is Drover's "
     "own. At most 10,000"},
    {"working_dir", optional, read_working_dir, schema::text_of<1, kLongestPath>, R"("/srv/data")",
     "An absolute path. Without: a directory of the allocation's own, shared by the tasks of the group"},
    {"stop_grace", optional, read_stop_grace, schema::duration, R"("30s")",
     "From the signal that asks the task to end until SIGKILL. 10 s without; at most 24 h"},
    {"stop_signal", optional, read_stop_signal, stop_signal_schema, R"("SIGQUIT")",
     "What asks it to end, at a stop and at a timeout. `SIGTERM` without; also `SIGABRT`, `SIGALRM`, `SIGHUP`, `SIGINT`, "
     "`SIGKILL`, `SIGPIPE`, `SIGUSR1`, `SIGUSR2`, `SIGWINCH`"},
    {"timeout", optional, read_timeout, schema::duration, R"("1h")",
     "For how long an attempt may run; then it is ended as by a stop, has failed, and says that it was the timeout. Time "
     "goes on while the agent is away. For ever without; at most 8,760 h"},
    {"success_exit_codes", optional, read_success_exit_codes, schema::list<schema::whole<0, 255>, 1, 256>, "[0, 3]",
     "All the exit codes that count as success. `[0]` without"},
    {"user", optional, read_user, schema::name, R"("nobody")",
     "A name or a number of the node's users, whose groups, `HOME` and `USER` the task gets. Needs an agent and a "
     "supervisor that run as root; elsewhere, or where there is no such user, the task fails and says so. The agent's own "
     "user without"},
    {"umask", optional, read_umask, umask_schema, R"("0027")", "Octal digits. `0022` without"},
    {"limits", optional, read_limits, limits_schema, R"({"nofile": 1024, "core": "unlimited"})",
     "Limits of each process, soft and hard alike: `locks`, `nice`, `nofile`, `nproc`, `rtprio`, `sigpending` as numbers; "
     "`as`, `core`, `data`, `fsize`, `memlock`, `msgqueue`, `rss`, `stack` as sizes; `cpu`, `rttime` as durations; each of "
     "them may be `\"unlimited\"`. Those of the node's supervisor without; above them only where that is root"},
    {"stdin", optional, read_stdin, schema::text_of<0, limits::kInputBytes>, R"("select count(*) from orders;\n")",
     "What the task reads from its standard input; at most 512 KiB. Nothing without"},
});

constexpr std::array kTaskFields = std::to_array<Field<TaskSpec>>({
    {"name", required, read_task_name, schema::name, R"("clean")",
     "1 to 255 bytes of UTF-8 without control characters; no other task of the group has it"},
    {"config", required, read_config, schema::ref<kConfigSchema>, R"({"command": "/opt/apps/clean.sh"})", "What is run, and how: see below"},
    {"restart", optional, read_restart, schema::ref<kRestartSchema>, R"({"policy": "on_failure"})",
     "When its node begins it again, where it is, as another attempt: see below. `never` without, in a `service` too, "
     "whose groups are placed again"},
    {"after", optional, read_after, schema::map<schema::word<kAwaited>>, R"({"clean": "succeeded", "database": "healthy"})",
     "Other tasks of the group, and what each must have come to before this one begins. `started`: it has a process, or has "
     "ended with success. `healthy`: its `health` says that it is, or it has ended with success. `succeeded`: it has ended with "
     "success, and is not begun again. When one of them ends for good "
     "without that, this task is not begun and has failed. A later `restart` of this task does not wait again. At most 100; "
     "none without"},
    {"health", optional, read_health, schema::ref<kHealthSchema>, R"({"http": "http://127.0.0.1:8080/healthz"})",
     "How it is checked while it runs, and what follows when it is not well: see below. An `update` takes a copy for well when all "
     "its tasks that have a `health` are healthy. Not checked without"},
    {"resources", optional, read_resources, schema::ref<kResourcesSchema>, R"({"cpu": 0.5, "memory": "512MiB"})",
     "What it may have of its node: see below. A node that cannot see to it runs the task all the same, and "
     "`GET /api/v1/instances/ID` says what is `not_enforced`"},
    {"logs", optional, read_logs, schema::ref<kLogsSchema>, R"({"size": "64MiB", "files": 5})",
     "How much of its output is kept on its node, of stdout and of stderr each. What the node's disk has no room for is "
     "counted, and the task goes on"},
});
// clang-format on

}  // namespace

Fields<TaskSpec> task_fields() { return kTaskFields; }

Fields<TaskSpec> config_fields() { return kConfigFields; }

}  // namespace drover::http
