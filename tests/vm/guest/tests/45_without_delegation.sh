# shellcheck shell=bash
# A unit that was not given its part of the cgroup tree: it says so, and does what it can.

drop_in=/run/systemd/system/drover-supervisor.service.d/vm.conf
# attached_as WORD: what the agent said when it attached to the supervisor of now.
attached_as() {
  journalctl -b -u drover-agent -o cat --grep 'supervisor attached' -n 1 |
    grep -F "pid=$(main_pid drover-supervisor) " | grep -qF "degraded=$1"
}

test_without_delegation_it_says_so() {
  mkdir -p "${drop_in%/*}"
  printf '[Service]\nDelegate=no\n' >"$drop_in"
  systemctl daemon-reload
  systemctl restart drover-supervisor
  eventually 30 all_ready
  eventually 10 attached_as true
}
test_a_daemon_ends_with_its_task_all_the_same() {
  id=$(start undelegated '(setsid sh -c "sleep 4321 & sleep 4321" &); sleep 1000')
  eventually 10 eval '[ "$(pgrep -cf "^sleep 4321")" = 2 ]'
  end "$id"
  eventually 10 gives '' processes_of_tasks
}
test_with_delegation_all_is_well_again() {
  rm "$drop_in"
  systemctl daemon-reload
  systemctl restart drover-supervisor
  eventually 30 all_ready
  eventually 10 attached_as false
  id=$(start delegated 'sleep 1000')
  [[ $(cgroup_of "$(pid_of "$id")") == "$supervisor_cgroup"/*/* ]] || fail "not in a cgroup of its own"
  end "$id"
}
