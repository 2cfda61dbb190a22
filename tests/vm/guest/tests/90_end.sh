# shellcheck shell=bash

test_the_cgroup_tree_is_empty_when_all_has_ended() {
  eventually 20 gives '' processes_of_tasks
  cgroups=$(find "$supervisor_cgroup" -mindepth 2 -type d | wc -l)
  # Empty ones are kept for the next tasks: limits::kSupervisorIdleCgroups.
  [ "$cgroups" -le 64 ] || fail "$cgroups cgroups of tasks are there"
}
test_stopping_the_units_leaves_nothing() {
  # shellcheck disable=SC2086  # a list of words
  systemctl stop $units
  [ ! -e "$supervisor_cgroup" ] || fail "cgroups are left"
  ! pgrep -u drover || fail "processes are left"
  for unit in $units; do expect "$(property "$unit" Result)" success "$unit"; done
}
test_nothing_broke_on_the_way() {
  ! journalctl -q -b -k --grep 'segfault|general protection|(?<!cgroup )out of memory' || fail "the kernel said that"
  expect "$(systemctl --failed --plain --no-legend)" '' "failed units"
}
