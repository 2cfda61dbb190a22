#!/bin/sh
# alone.sh COMMAND...: runs it in a cgroup of its own below that of the service which this is a part of,
# with what a cgroup needs to hand controllers on: nobody else in it, and the controllers.
set -e
path=$(cut -d: -f3 /proc/self/cgroup)
unit=/sys/fs/cgroup${path%%.service*}.service
mkdir "$unit/alone-$$"
echo $$ >"$unit/alone-$$/cgroup.procs"
echo '+cpu +memory' >"$unit/cgroup.subtree_control"
exec "$@"
