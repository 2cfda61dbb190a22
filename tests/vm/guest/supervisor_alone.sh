#!/bin/sh
# supervisor_alone.sh --socket PATH --containment NAME --background: stands in for drover-supervisor where
# the process tests start it. The process that waits until it is ready does so out here: inside, it
# would be somebody else in the supervisor's cgroup.
setsid /opt/vm/alone.sh /usr/local/bin/drover-supervisor --socket "$2" --containment "$4" &
pid=$!
until grep -q " ready .*pid=$pid " "$2.log"; do
  grep -q '^State:.[^Z]' "/proc/$pid/status" || exit 1
  sleep 0.05
done
