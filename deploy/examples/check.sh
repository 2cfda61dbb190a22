#!/bin/sh
# Runs the two order tasks side by side in a new directory, as an agent does, and compares their
# report with the expected one.
set -eu
examples=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
WAIT_SECONDS=30 "$examples/analyze.py" >analyze.out &
analyzer=$!
"$examples/clean.sh" "$examples/orders.csv"
wait "$analyzer"
diff "$examples/expected-report.txt" analyze.out
diff "$examples/expected-report.txt" report.txt
echo "the report is as expected"
