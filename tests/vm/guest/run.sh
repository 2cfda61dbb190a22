#!/usr/bin/env bash
# In the machine: runs tests/*.sh in order, one boot after the other. Results go to the second serial
# line, the programs' journal to the third; the machine is switched off at the end.
set -uo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
exec </dev/null >>/dev/ttyS1 2>&1
. lib/report.sh
. lib/api.sh
. lib/system.sh

mkdir -p "$kept"
for file in tests/*.sh; do
  name=$(basename "$file" .sh)
  # Begun once, whatever happens in it: a file may end with the end of this boot.
  [ ! -e "$kept/$name" ] || continue
  keep "$name" begun
  printf 'begin %s\n' "${name#*_}"
  run_tests "$file"
done
journalctl -b --no-pager -o short-monotonic -u 'drover-*' >/dev/ttyS2
printf 'done\n'
systemctl poweroff
