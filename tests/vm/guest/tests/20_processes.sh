# shellcheck shell=bash
# What a task leaves behind goes with it, in cgroups that systemd delegated.

# start_many NAME COMMAND COUNT: and waits until so many processes are in its cgroup.
start_many() {
  local id
  id=$(start "$1" "$2")
  cgroup=$(cgroup_of "$(pid_of "$id")")
  eventually 10 eval "[ \"\$(members_of '$cgroup' | wc -l)\" -ge $3 ]"
  printf '%s\n' "$id"
}

test_all_that_a_task_forks_ends_with_it() {
  id=$(start_many forks 'for i in 1 2 3 4 5 6; do (sleep 1000; :) & done; wait' 13)
  end "$id"
  eventually 10 gives '' processes_of_tasks
}
test_a_daemon_that_left_its_session_ends_with_its_task() {
  # Forks twice, with a session of its own and no environment: nothing but the cgroup tells whose it is.
  id=$(start_many daemon '(setsid env -i sh -c "sleep 4321 & sleep 4321" &); sleep 1000' 3)
  pgrep -f 'sleep 4321' >/dev/null
  end "$id"
  eventually 10 eval '! pgrep -f "sleep 4321" >/dev/null'
  eventually 10 gives '' processes_of_tasks
}
test_a_task_that_ends_takes_its_daemon_with_it() {
  id=$(deploy "$(one_task leaver '(setsid env -i sleep 1234 &); sleep 1')")
  eventually 20 gives completed state_of "$id"
  ! pgrep -f 'sleep 1234' || fail "the daemon is there"
}
test_a_dozen_at_once() {
  post /api/task/task_group "$(one_task many 'sleep 1000')" >/dev/null
  ids=()
  for _ in $(seq 12); do ids+=("$(deploy_again many)"); done
  for id in "${ids[@]}"; do eventually 30 gives running task_of "$id" .state; done
  for id in "${ids[@]}"; do stop "$id"; done
  eventually 30 gives '' processes_of_tasks
  for id in "${ids[@]}"; do eventually 20 gives stopped state_of "$id"; done
}
