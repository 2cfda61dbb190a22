# shellcheck shell=bash
# What a template asks for, from the API down to the kernel, and what becomes of a task that takes more.

# reserving CPU MEMORY: fields of a task.
reserving() { printf '{"resources":{"cpu":%s,"memory":"%s"}}' "$1" "$2"; }

test_what_is_reserved_is_written_into_the_cgroup() {
  id=$(start reserved 'exec sleep 1000' '{}' "$(reserving 0.5 64MiB)")
  cgroup=$(cgroup_of "$(pid_of "$id")")
  expect "$(cat "$cgroup/memory.max")" 67108864 "memory.max"
  expect "$(cat "$cgroup/memory.oom.group")" 1 "memory.oom.group"
  expect "$(cat "$cgroup/cpu.weight")" 50 "cpu.weight"
  expect "$(task_of "$id" .not_enforced)" null "what the node does not enforce"
  end "$id"
}
test_a_task_that_takes_more_memory_is_ended_by_name() {
  neighbour=$(start neighbour 'exec sleep 1000' '{}' "$(reserving 0.1 64MiB)")
  pid=$(pid_of "$neighbour")
  before=$(identity_of "$pid")
  hungry=$(deploy "$(one_task hungry 'sleep 1000 & tail /dev/zero' '{}' "$(reserving 0.5 64MiB)")")
  eventually 60 gives failed state_of "$hungry"
  expect "$(task_of "$hungry" '.reason')" out_of_memory "the reason of its end"
  instance "$hungry" | jq -r .cause | grep -qF 'out of memory' || fail "the cause does not say so"
  expect "$(identity_of "$pid")" "$before" "the neighbour"
  end "$neighbour"
  eventually 10 gives '' processes_of_tasks
}
test_what_ran_out_of_memory_is_begun_again_where_it_may() {
  task=$(jq -c '. + {restart: {policy: "on_failure", attempts: 1, delay: "1s"}}' <<<"$(reserving 0.5 64MiB)")
  id=$(deploy "$(one_task again 'exec tail /dev/zero' '{}' "$task")")
  eventually 90 gives failed state_of "$id"
  expect "$(task_of "$id" '.attempt')" 2 "attempts"
  expect "$(task_of "$id" '.previous[0].reason')" out_of_memory "the reason of the first end"
}
test_what_no_node_has_waits_and_says_what_would_do() {
  id=$(deploy "$(one_task huge 'exec true' '{}' "$(reserving 0.5 1TiB)")")
  eventually 10 gives pending state_of "$id"
  instance "$id" | jq -r .cause | grep -qF 'too little memory' || fail "$(instance "$id" | jq -r .cause)"
  end "$id"
}
