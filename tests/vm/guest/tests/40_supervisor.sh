# shellcheck shell=bash
# The supervisor's end is the end of its tasks: lost, and never a success.

# lost_by COMMAND...: two tasks, one of which left its session; COMMAND ends them.
lost_by() {
  local id cgroup pid pids
  id=$(start "lost-$1" '(setsid env -i sleep 1000 &); sleep 1000')
  pid=$(pid_of "$id")
  cgroup=$(cgroup_of "$pid")
  eventually 10 eval '[ "$(members_of "$cgroup" | wc -l)" -ge 2 ]'
  pids=$(members_of "$cgroup")
  "$@"
  for pid in $pids; do eventually 15 is_gone "$pid"; done
  eventually 30 all_ready
  eventually 20 gives lost state_of "$id"
  expect "$(task_of "$id" '"\(.state) \(.exit_code)"')" 'lost null' "the task"
  expect "$(status_of "$id")" 1 "its status"
}
stop_and_start() {
  systemctl stop drover-supervisor
  systemctl -q is-active drover-agent
  [ ! -e "$supervisor_cgroup" ] || fail "the cgroup is still there: $(find "$supervisor_cgroup" -type d)"
  systemctl start drover-supervisor
}
kill_supervisor() {
  local pid
  pid=$(main_pid drover-supervisor)
  kill -KILL "$pid"
  eventually 20 is_anew drover-supervisor "$pid"
}
works_again() {
  local id
  id=$(start "after-$1" 'sleep 1000')
  end "$id"
}

test_stopping_the_supervisor_loses_its_tasks() { lost_by stop_and_start; }
test_it_takes_tasks_after_its_start() { works_again stop; }
test_restarting_the_supervisor_loses_its_tasks() { lost_by systemctl restart drover-supervisor; }
test_killing_the_supervisor_loses_its_tasks() { lost_by kill_supervisor; }
test_it_takes_tasks_after_its_death() { works_again kill; }
test_a_group_that_may_runs_again() {
  id=$(start resumed 'sleep 1000' "$placed_anew")
  pid=$(pid_of "$id")
  systemctl restart drover-supervisor
  eventually 15 is_gone "$pid"
  eventually 30 gives running task_of "$id" .state
  end "$id"
}
test_limits_can_be_enforced_after_all_that() {
  expect "$(cat "$supervisor_cgroup/cgroup.subtree_control")" 'cpu memory' "what is handed to the tasks"
  ! journalctl -b -u drover-supervisor | grep -E 'to be had|not all limits' || fail "that was said"
}
