# shellcheck shell=bash

test_the_units_are_back() {
  [ "$(recall boot)" != "$(cat /proc/sys/kernel/random/boot_id)" ] || fail "it did not boot again"
  eventually 60 all_ready_since_boot
}
test_state_was_kept() {
  expect "$(post /api/task/query '{"name":"reboot-once"}')" "$(recall template)" "the template"
  expect "$(task_of "$(recall ended)" .exit_code)" 3 "an end from before"
}
test_what_ran_is_lost() {
  eventually 30 gives lost state_of "$(recall once)"
  expect "$(task_of "$(recall once)" '"\(.state) \(.exit_code)"')" 'lost null' "the task"
  expect "$(status_of "$(recall once)")" 1 "its status"
}
test_what_may_runs_again() {
  eventually 30 gives running task_of "$(recall again)" .state
  pid_of "$(recall again)" >/dev/null
  end "$(recall again)"
}
test_the_node_takes_work_again() {
  expect "$(nodes)" '[0]' "the nodes: one, the same"
  id=$(start after-reboot 'sleep 1000')
  end "$id"
}
