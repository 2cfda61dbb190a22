# shellcheck shell=bash
# The machine goes down without a word, right after answers were given; 61 looks at what came of it.

test_work_before_the_crash() {
  id=$(start crash-once 'sleep 1000')
  keep once "$id"
  id=$(start crash-again 'sleep 1000' "$placed_anew")
  keep again "$id"
  keep boot "$(cat /proc/sys/kernel/random/boot_id)"
  post /api/task/task_group "$(one_task crash-late 'sleep 1000' "$placed_anew")" >/dev/null
}
finish() {
  # Noted on a disk of its own: a write to this one would save what the master has to save.
  deploy_again crash-late | dd of=/dev/vdc conv=sync oflag=direct status=none
  printf 'b' >/proc/sysrq-trigger
}
