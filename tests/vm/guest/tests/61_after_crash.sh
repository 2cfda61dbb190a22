# shellcheck shell=bash

test_what_was_acknowledged_last_is_there() {
  [ "$(recall boot)" != "$(cat /proc/sys/kernel/random/boot_id)" ] || fail "it did not boot again"
  eventually 60 all_ready_since_boot
  id=$(dd if=/dev/vdc count=1 status=none | tr -d '\0 \n')
  eventually 30 gives running task_of "$id" .state
  end "$id"
}
test_what_ran_at_the_crash_is_lost() {
  eventually 30 gives lost state_of "$(recall once)"
  expect "$(task_of "$(recall once)" '"\(.state) \(.exit_code)"')" 'lost null' "the task"
}
test_what_may_runs_again_after_the_crash() {
  eventually 30 gives running task_of "$(recall again)" .state
  end "$(recall again)"
}
test_it_is_the_same_node() { expect "$(nodes)" '[0]' "the nodes"; }
