# shellcheck shell=bash
# Installation as deploy/README.md tells it, and the units as they start for the first time.

test_the_units_are_installed_and_valid() {
  cp -a install/. /
  systemd-sysusers 2>/dev/null
  systemctl daemon-reload
  id drover >/dev/null
  for unit in $units; do
    said=$(systemd-analyze verify "$unit.service" 2>&1 | grep -F drover || true)
    expect "$said" '' "what systemd objects to"
  done
}
test_the_master_starts_and_is_ready() {
  systemctl enable -q --now drover-master
  systemctl -q is-active drover-master
  curl -sSf -o /dev/null "$master/readyz"
}
test_supervisor_and_agent_start_and_the_node_is_online() {
  systemctl enable -q --now drover-supervisor drover-agent
  systemctl -q is-active drover-supervisor drover-agent
  eventually 10 node_is_online
}
test_only_their_own_users_run_them() {
  expect "$(stat -c %U "/proc/$(main_pid drover-agent)")" drover "the agent's user"
  expect "$(stat -c %U "/proc/$(main_pid drover-supervisor)")" drover "the supervisor's user"
  # The name is known to nss-systemd alone.
  expect "$(stat -c %U "/proc/$(main_pid drover-master)")" drover-master "the master's user"
  for unit in drover-agent drover-master; do
    expect "$(sed -n 's/^CapEff:\t//p' "/proc/$(main_pid "$unit")/status")" 0000000000000000 \
      "capabilities of $unit"
  done
}
test_states_are_private() {
  expect "$(stat -c '%U %a' /var/lib/drover-agent)" 'drover 700' "the agent's directory"
  expect "$(stat -c '%U %a' /var/lib/drover-agent/supervisor.sock)" 'drover 600' "the socket"
  expect "$(stat -Lc %a /var/lib/drover-master)" 700 "the master's directory"
}
test_tasks_are_contained_by_cgroup() {
  ! journalctl -b -u drover-supervisor -u drover-agent | grep -E 'warning|error|degraded=cgroup' ||
    fail "that was said"
  id=$(start contained 'sleep 1000')
  cgroup=$(cgroup_of "$(pid_of "$id")")
  case $cgroup in
    "$supervisor_cgroup"/*/*) ;;
    *) fail "the task is in $cgroup" ;;
  esac
  end "$id"
}
test_a_task_is_born_with_plain_attributes() {
  id=$(start plain 'grep -E "^(CapEff|NoNewPrivs|Seccomp|SigBlk|SigIgn):" /proc/self/status
    id -un; ulimit -Sn; cat /proc/self/oom_score_adj; echo end; sleep 1000')
  eventually 10 eval 'output_of "$id" | grep -qx end'
  expect "$(output_of "$id" | tr -s '\t\n' ' ')" "SigBlk: 0000000000000000 SigIgn: 0000000000000000 \
CapEff: 0000000000000000 NoNewPrivs: 0 Seccomp: 0 drover 1024 0 end " "what the task is"
  end "$id"
}
