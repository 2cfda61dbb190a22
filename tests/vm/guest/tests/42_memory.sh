# shellcheck shell=bash
# The supervisor's unit runs out of memory: what takes it ends, and nothing else.

memory_limit() { systemctl set-property --runtime drover-supervisor "MemoryMax=$1"; }

test_the_greedy_task_ends_and_the_others_run_on() {
  bystander=$(start bystander 'sleep 1000')
  pid=$(pid_of "$bystander")
  before="$(identity_of "$pid") $(main_pid drover-supervisor) $(main_pid drover-agent)"
  memory_limit 128M
  greedy=$(deploy "$(one_task greedy 'exec tail /dev/zero')")
  eventually 60 gives failed state_of "$greedy"
  expect "$(task_of "$greedy" .signal)" 9 "the end of the greedy one"
  journalctl -q -k -b --grep 'oom-kill:constraint=CONSTRAINT_MEMCG' >/dev/null ||
    fail "the kernel killed nothing for want of memory"
  expect "$(identity_of "$pid") $(main_pid drover-supervisor) $(main_pid drover-agent)" "$before" \
    "bystander, supervisor and agent"
  memory_limit infinity
  all_ready
  end "$bystander"
}
