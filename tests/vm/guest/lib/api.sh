# shellcheck shell=bash
# For sourcing by run.sh: the master's API.

master=http://127.0.0.1:8420

# Fields of a group that is placed anew whenever it ended or was lost.
placed_anew='{"reschedule":{"policy":"always"}}'

call() { curl -sS -m 30 "$master$1" "${@:2}"; }
# post PATH BODY: the answer; fails, with the answer, where it is none of 2xx.
post() {
  local answer
  answer=$(call "$1" --fail-with-body -d "$2") || {
    printf '%s %s: %s\n' "$1" "$2" "$answer" >&2
    return 1
  }
  printf '%s\n' "$answer"
}

# one_task NAME COMMAND [GROUP-FIELDS [TASK-FIELDS]]: a template of one group with one task; FIELDS are
# those of an object.
one_task() {
  jq -cn --arg name "$1" --arg command "$2" --argjson group "${3:-{\}}" --argjson task "${4:-{\}}" \
    '{name: $name,
      task_groups: [$group + {tasks: [$task + {name: "task", config: {command: $command}}]}]}'
}
# deploy TEMPLATE: creates it and prints the id of an instance of it.
deploy() {
  post /api/task/task_group "$1" >/dev/null
  deploy_again "$(jq -r .name <<<"$1")"
}
deploy_again() { post /api/task/task_group/deploy "{\"name\":\"$1\"}" | jq -r .id; }
# start NAME COMMAND [FIELDS...]: the same of one task, once it runs.
start() {
  local id
  id=$(deploy "$(one_task "$@")")
  eventually 20 gives running task_of "$id" .state
  printf '%s\n' "$id"
}
stop() { post /api/task/task_group/stop "{\"id\":\"$1\"}" >/dev/null; }
# Stops it and waits until nothing of it is left.
end() {
  stop "$1"
  eventually 20 gives stopped state_of "$1"
}

status_of() { post /api/task/task_group/query "{\"id\":\"$1\"}" | jq -r .status; }
instance() { call "/api/v1/instances/$1" --fail-with-body; }
state_of() { instance "$1" | jq -r .state; }
# task_of ID FILTER: of the first task of the first group.
task_of() { instance "$1" | jq -r ".groups[0].tasks[0] | $2"; }
# The node list's statuses, in one line.
nodes() { call /api/task/node | jq -c '[.nodes[].status]'; }
node_is_online() { gives '[0]' nodes; }
