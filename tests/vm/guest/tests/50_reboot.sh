# shellcheck shell=bash
# Before the machine is restarted in order; 51 looks at what came of it.

test_work_before_the_reboot() {
  id=$(start reboot-once 'sleep 1000')
  keep once "$id"
  id=$(start reboot-again 'sleep 1000' "$placed_anew")
  keep again "$id"
  keep boot "$(cat /proc/sys/kernel/random/boot_id)"
  keep template "$(post /api/task/query '{"name":"reboot-once"}')"
  id=$(deploy "$(one_task reboot-ended 'exit 3')")
  eventually 20 gives failed state_of "$id"
  keep ended "$id"
}
finish() {
  systemctl reboot
  sleep infinity
}
