#!/usr/bin/env bash
# Reports of several benchmarks become one file and one table; one that failed has left none.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

cat >"$directory/P1.json" <<'JSON'
{"id":"P1","what":"tasks","unit":"tasks/s","figure":1234.5,"reference":{"what":"a loop","figure":2469},
 "ratio":0.5,"target":0.7,"target_is":"at_least","met":false,"conditions":{},"details":{}}
JSON
cat >"$directory/P2.json" <<'JSON'
[{"id":"P2","what":"start","unit":"s","figure":2.5,"reference":null,"ratio":null,
  "target":3,"target_is":"at_most","met":true,"conditions":{},"details":{}},
 {"id":"P2.x","what":"more","unit":"s","figure":0.25,"reference":null,"ratio":null,"target":null,
  "conditions":{},"details":{}}]
JSON

python3 "$here/table.py" "$directory/all.json" "$directory"/P[123].json "$directory/P4.json" >"$directory/table"
expected='
id    figure        reference  ratio  target  met  what
P1    1234 tasks/s  2469       0.5    ≥ 0.7   NO   tasks
P2    2.5 s         -          -      ≤ 3     yes  start
P2.x  0.25 s        -          -      -       -    more'
diff <(printf '%s\n' "$expected") <(head -n 5 "$directory/table")
[ "$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))))' "$directory/all.json")" = 3 ]
