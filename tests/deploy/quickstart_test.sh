#!/usr/bin/env bash
# deploy/quickstart.sh with built programs: quickstart_test.sh BIN_DIR
# What a newcomer sees, what is left after each way to stop it, and what it says when it cannot.
set -euo pipefail
bin_dir=${1:?usage: quickstart_test.sh BIN_DIR}
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$top/deploy/lib/processes.sh"
shopt -s nullglob

work=$(mktemp -d)
state="$work/a state"
out=$work/out
pid=

die() {
  printf 'FAILED: %s\n' "$*" >&2
  for file in "$out" "$state"/*.log; do sed "s|^|${file##*/}: |" "$file" >&2; done
  exit 1
}
on_exit() {
  status=$?
  [ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null || true
  [ -z "$pid" ] || wait "$pid" || true
  mapfile -t arguments < <(state_arguments)
  end_all 10 "${arguments[@]}"
  rm -rf "$work"
  exit "$status"
}
trap on_exit EXIT

# What the programs of the state directory are known by: an argument of theirs.
state_arguments() {
  local agents=("$state"/agent-*[0-9])
  printf '%s\n' "$state/master" "${agents[@]}" "${agents[@]/%//supervisor.sock}"
}
running() {
  local arguments
  mapfile -t arguments < <(state_arguments)
  processes_with "${arguments[@]}"
}

quickstart() {
  "$top/deploy/quickstart.sh" --bin-dir "$bin_dir" --dir "$state" --http-port 0 --agent-port 0 "$@"
}
start_serving() {
  : >"$out"
  # Not through the function: the signal must reach the script itself.
  "$top/deploy/quickstart.sh" --bin-dir "$bin_dir" --dir "$state" --http-port 0 --agent-port 0 \
    >"$out" 2>&1 &
  pid=$!
  local deadline=$((SECONDS + 60))
  until grep -q '^serving on ' "$out"; do
    alive "$pid" || die "it ended before it served"
    [ "$SECONDS" -lt "$deadline" ] || die "it did not serve within 60 s"
    sleep 0.1
  done
}
expect_nothing_left() { [ -z "$(running)" ] || die "$1 left running: $(running)"; }
expect_said() { grep -qF -- "$1" "$out" || die "it did not say: $1"; }
# expect_exit STATUS COMMAND...
expect_exit() {
  local wanted=$1 status=0
  shift
  "$@" >"$out" 2>&1 || status=$?
  [ "$status" = "$wanted" ] || die "exit status $status, not $wanted, of: $*"
}

echo "wrong flags: one line, exit 2"
for flags in --no-such-flag '--agents 0' '--agents x' --dir '--http-port 70000' '--once=1' \
  '--http-port 9 --agent-port 9'; do
  # shellcheck disable=SC2086  # a list of words
  expect_exit 2 "$top/deploy/quickstart.sh" $flags
  [ "$(wc -l <"$out")" = 1 ] || die "not one line for $flags"
done

echo "a first start with two agents"
expect_exit 0 quickstart --once --agents 2
expect_said "there was none yet"
expect_said "The report is the expected one"
expect_said '"ip":"127.0.0.2","status":0'
expect_nothing_left "--once"

echo "a second start finds the first one's state, and SIGTERM stops it"
start_serving
expect_said "found from earlier: templates=2 "
expect_said "nodes=2"
[ "$(running | wc -l)" -ge 3 ] || die "a master, an agent and a supervisor should run: $(running)"

echo "another one in the same directory is refused"
status=0
second=$(quickstart --once 2>&1) || status=$?
[ "$status" = 1 ] || die "the second one's exit status is $status"
[[ $second == *"another quickstart runs in"* ]] || die "the second one said: $second"

echo "a taken port is named"
port=$(grep -oE 'serving on http://127.0.0.1:[0-9]+' "$out" | grep -oE '[0-9]+$')
status=0
second=$("$top/deploy/quickstart.sh" --bin-dir "$bin_dir" --dir "$work/other" --once \
  --agent-port 0 --http-port "$port" 2>&1) || status=$?
[ "$status" = 1 ] || die "with a taken port the exit status is $status"
[[ $second == *"port $port of 127.0.0.1 is taken"*"--http-port"* ]] || die "it said: $second"

kill -TERM "$pid"
status=0
wait "$pid" || status=$?
pid=
[ "$status" = 0 ] || die "exit status $status after SIGTERM"
expect_nothing_left "SIGTERM"

echo "a reader who goes away ends it"
{ quickstart 2>/dev/null || true; } | head -n 1 >"$out"
expect_said "found from earlier"
expect_nothing_left "a broken pipe"

echo "what a killed one leaves, the next one ends"
start_serving
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
pid=
[ -n "$(running)" ] || die "nothing was left by kill -9: the test tests nothing"
expect_exit 0 quickstart --once
expect_said "The report is the expected one"
expect_nothing_left "the one after the killed one"
echo "all as expected"
