# shellcheck shell=bash
# The six calls, with curl, byte for byte where they promise that.

test_the_six_calls() {
  body='{"name":"六","task_groups":[{"tasks":[{"name":"清洗","config":{"command":"sleep 1000"}}]}]}'
  expect "$(post /api/task/task_group "$body")" '{"status":"success"}' "create"
  expect "$(post /api/task/query '{"name":"六"}')" "$body" "the template"
  id=$(post /api/task/task_group/deploy '{"name":"六"}' | jq -r .id)
  [[ $id =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "id '$id'"
  eventually 20 gives running task_of "$id" .state
  expect "$(post /api/task/task_group/query "{\"id\":\"$id\"}")" "{\"id\":\"$id\",\"status\":0}" "running"
  expect "$(post /api/task/task_group/stop "{\"id\":\"$id\"}")" "{\"id\":\"$id\"}" "stop"
  eventually 20 gives stopped state_of "$id"
  expect "$(post /api/task/task_group/query "{\"id\":\"$id\"}")" "{\"id\":\"$id\",\"status\":1}" "stopped"
  call /api/task/node | jq -e '.nodes | length == 1 and (.[0].ip | length > 0) and
    .[0].status == 0 and (.[0].resources | test("^cpu_usage_percent:[0-9]+,memory_usage_percent:[0-9]+$"))' >/dev/null
}
test_the_node_reports_load() {
  eventually 15 eval 'call /api/task/node | grep -q "memory_usage_percent:[1-9]"'
}
test_ends_are_what_they_are() {
  id=$(deploy "$(one_task code 'exit 7')")
  eventually 20 gives failed state_of "$id"
  expect "$(task_of "$id" .exit_code)" 7 "exit code"
  expect "$(status_of "$id")" 1 "status"
  id=$(deploy "$(one_task signal 'kill -SEGV $$')")
  eventually 20 gives 11 task_of "$id" .signal
  id=$(deploy "$(one_task missing /no/such/program)")
  eventually 20 gives 2 task_of "$id" .errno
  id=$(deploy "$(one_task fine true)")
  eventually 20 gives completed state_of "$id"
}
test_a_task_that_ignores_sigterm_is_killed_after_its_grace() {
  id=$(start stubborn 'trap "echo asked" TERM; echo set; while :; do sleep 1; done')
  eventually 10 eval 'output_of "$id" | grep -qx set'
  end "$id"
  expect "$(task_of "$id" .signal)" 9 "signal"
  output_of "$id" | grep -qx asked
}
