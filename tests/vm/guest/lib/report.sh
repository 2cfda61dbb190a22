# shellcheck shell=bash
# For sourcing by run.sh: how a test is run and reported, and what it says when it fails.

# Kept from one boot to the next.
kept=/var/lib/drover-vm
keep() {
  printf '%s\n' "$2" >"$kept/$1"
  sync "$kept/$1" "$kept"
}
recall() { cat "$kept/$1"; }

# run_tests FILE: each function test_*, in the order of the file; then `finish`, where there is one.
run_tests() {
  local test began since output status
  # shellcheck source=/dev/null
  . "$1"
  # shellcheck disable=SC2013  # names are words
  for test in $(sed -nE 's/^(test_[a-z0-9_]+)\(\).*/\1/p' "$1"); do
    began=$(uptime_ms)
    since=@$(date +%s)
    # Not as a condition: that would switch `set -e` off in all of the test.
    output=$(set -e; "$test" 2>&1)
    status=$?
    report "$status" $(($(uptime_ms) - began)) "${test#test_}" "$output" "$since"
    unset -f "$test"
  done
  ! declare -F finish >/dev/null || finish
  unset -f finish
}

# report STATUS MILLISECONDS NAME WORDS SINCE: with what the programs logged since then, of a failure.
report() {
  local word='not ok' seconds
  seconds=$(($2 / 1000)).$(($2 / 100 % 10))
  case $1 in 0) word=ok ;; 77) word=skip ;; esac
  printf '%s %s %s\n' "$word" "$seconds" "$3"
  [ -z "$4" ] || printf '# %s\n' "${4//$'\n'/$'\n# '}"
  [ "$word" = 'not ok' ] || return 0
  journalctl -b --no-pager -o cat -n 30 --since "$5" -u 'drover-*' | cut -c1-300 | sed 's/^/# | /'
}

uptime_ms() {
  local up
  read -r up _ </proc/uptime
  printf '%s\n' $((10#${up/./} * 10))
}

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}
skip() {
  printf '%s\n' "$*" >&2
  exit 77
}

# expect ACTUAL WANTED WHAT
expect() { [ "$1" = "$2" ] || fail "$3: '$1', not '$2'"; }

# eventually SECONDS COMMAND...: asks again until it succeeds.
eventually() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || {
      [ "$1" != gives ] || printf 'last seen: %s\n' "$("${@:3}")" >&2
      fail "not in time: $*"
    }
    sleep 0.2
  done
}
# gives WANTED COMMAND...: whether that is what the command prints.
gives() {
  local wanted=$1
  shift
  [ "$("$@" 2>/dev/null)" = "$wanted" ]
}
