# shellcheck shell=bash
# Units that are restarted, killed, frozen and upgraded, with tasks running.

# survives COMMAND...: a task that runs and one that ends meanwhile; then COMMAND, and all must be known.
survives() {
  local name=$1 long short before pid
  shift
  rm -f "/tmp/go-$name"
  long=$(start "$name-long" 'sleep 1000')
  short=$(start "$name-short" "until [ -e /tmp/go-$name ]; do sleep 0.1; done; exit 5")
  pid=$(pid_of "$long")
  before=$(identity_of "$pid")
  "$@"
  eventually 30 all_ready
  expect "$(identity_of "$pid")" "$before" "the process"
  touch "/tmp/go-$name"
  eventually 20 gives failed state_of "$short"
  expect "$(task_of "$short" .exit_code)" 5 "exit code"
  expect "$(task_of "$long" '"\(.state) \(.attempt)"')" 'running 1' "the other task"
  expect "$(status_of "$long")" 0 "its status"
  end "$long"
}
restart() { systemctl restart "$@"; }
# An exit that nobody was there to see.
restart_agent_late() {
  systemctl stop drover-agent
  eventually 5 gives '[1]' nodes
  touch /tmp/go-agent-away
  eventually 10 eval '! pgrep -f "until . -e /tmp/go-agent-away" >/dev/null'
  systemctl start drover-agent
}
# kill_unit UNIT: SIGKILL; systemd starts it again.
kill_unit() {
  local pid
  pid=$(main_pid "$1")
  kill -KILL "$pid"
  eventually 20 is_anew "$1" "$pid"
}
# Stopped by SIGSTOP, the agent is silent, and systemd's watchdog ends it.
freeze_agent() {
  local pid
  pid=$(main_pid drover-agent)
  kill -STOP "$pid"
  eventually 75 is_anew drover-agent "$pid"
}
# The same programs once more, as files of their own, as an installation makes them.
upgrade() {
  local name old
  for name in drover-master drover-agent drover-supervisor; do
    cp "install/usr/local/bin/$name" "/usr/local/bin/.$name.new"
    mv "/usr/local/bin/.$name.new" "/usr/local/bin/$name"
  done
  old=$(main_pid drover-supervisor)
  systemctl daemon-reload
  systemctl restart drover-master drover-agent
  expect "$(main_pid drover-supervisor)" "$old" "the supervisor"
}

test_the_agents_unit_restarts() { survives agent restart drover-agent; }
test_the_masters_unit_restarts() { survives master restart drover-master; }
test_master_and_agent_restart_together() { survives both restart drover-master drover-agent; }
test_what_ends_while_the_agent_is_stopped_is_reported() { survives agent-away restart_agent_late; }
test_the_agent_is_killed() { survives agent-killed kill_unit drover-agent; }
test_the_master_is_killed() { survives master-killed kill_unit drover-master; }
test_an_agent_that_hangs_is_ended_by_the_watchdog() { survives agent-frozen freeze_agent; }
test_programs_are_replaced_while_tasks_run() { survives upgrade upgrade; }
test_nothing_of_it_is_left() { eventually 10 gives '' processes_of_tasks; }
