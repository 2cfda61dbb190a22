# shellcheck shell=bash
# Tasks with the rights of another user, as deploy/README.md tells it: User= of both units of a node.

# node_runs_as USER: what `systemctl edit` would write, and what has to follow.
node_runs_as() {
  local unit
  for unit in drover-supervisor drover-agent; do
    mkdir -p "/run/systemd/system/$unit.service.d"
    printf '[Service]\nUser=%s\n' "$1" >"/run/systemd/system/$unit.service.d/user.conf"
  done
  systemctl daemon-reload
  systemctl stop drover-agent drover-supervisor
  chown -R "$1:" /var/lib/drover-agent
  systemctl start drover-supervisor drover-agent
  eventually 30 all_ready
}
runs_as() {
  local id
  node_runs_as "$1"
  id=$(start "as-$1" 'sleep 1000')
  expect "$(stat -c %U "/proc/$(pid_of "$id")")" "$1" "the task's user"
  expect "$(cgroup_of "$(pid_of "$id")" | grep -c "^$supervisor_cgroup/.*/")" 1 "cgroups of its own"
  end "$id"
  expect "$(call /api/task/node | jq '.nodes | length')" 1 "nodes: it is the same one"
}

test_tasks_of_a_user_of_their_own() {
  useradd --system worker
  runs_as worker
}
test_tasks_of_root() { runs_as root; }
test_tasks_of_drover_again() {
  rm /run/systemd/system/drover-{supervisor,agent}.service.d/user.conf
  runs_as drover
  rm /run/systemd/system/drover-{supervisor,agent}.service.d/user.conf
  systemctl daemon-reload
}
