#!/usr/bin/env bash
# The installed units under a real systemd: makes a Debian image, starts it with qemu under software
# emulation, and runs guest/ in it. 0 only if every test passed. See README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
vm=$PWD/tests/vm
. deploy/lib/build.sh
. tests/vm/lib/image.sh
. tests/vm/lib/machine.sh
. tests/vm/lib/payload.sh

say() { printf 'vm: %s\n' "$*"; }
fail() { printf 'vm: %s\n' "$*" >&2; exit 1; }
usage_error() { printf 'tests/vm/run.sh: %s; see tests/vm/run.sh --help\n' "$*" >&2; exit 2; }
usage() {
  cat <<'TEXT'
usage: tests/vm/run.sh [--cache DIR] [--build DIR] [--logs DIR] [--timeout SECONDS]
  --cache DIR        where the base image is kept; default: drover-vm in $XDG_CACHE_HOME or ~/.cache
  --build DIR        built programs to test; otherwise the release preset is built
  --logs DIR         console, results and journal of the machine; default: build/vm
  --timeout SECONDS  for the machine, from its start until it is off; default: 1200
The first run needs root, for debootstrap.
TEXT
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/drover-vm
build=
logs=build/vm
timeout=1200
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --cache | --build | --logs | --timeout) [ $# -ge 2 ] || usage_error "$1 needs a value" ;;
    *) usage_error "unknown flag '$1'" ;;
  esac
  declare "${1#--}=$2"
  shift 2
done
[[ $timeout =~ ^[1-9][0-9]*$ ]] || usage_error "--timeout needs a number of seconds"
[ "$(uname -m)" = x86_64 ] || fail "only for x86-64; this machine is $(uname -m)"

on_exit() {
  stop_machine
  stop_build
}
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

ensure_setup --vm
if [ -z "$build" ]; then
  build=build/release
  mkdir -p "$build"
  run_logged "configuring release" "$build/configure.log" cmake --preset release
  run_logged "building the programs" "$build/build.log" cmake --build --preset release \
    --target drover-master drover-agent drover-supervisor process_test drover_probe
fi
programs=("$build"/{bin/drover-{master,agent,supervisor},tests/process_test})
for program in "${programs[@]}"; do
  [ -x "$program" ] || fail "there is no $program"
done

mkdir -p "$logs" "$cache"
exec {lock}>"$logs/lock"
flock -n "$lock" || fail "another run writes to $logs; see --logs"
began=$SECONDS
base_image "$cache" "${programs[@]}"
payload "$build" "$logs/payload.tar"
say "image and programs: $((SECONDS - began)) s; starting the machine (logs: $logs)"
began=$SECONDS
ended=yes
start_machine "$logs"
follow_machine "$logs" "$timeout" || ended=no
stop_machine

count() { tr -d '\r' <"$logs/results" | grep -cE "$1" || true; }
wanted=$(cat "$vm"/guest/tests/*.sh | grep -cE '^test_[a-z0-9_]+\(\)')
passed=$(count '^ok ')
failed=$(count '^not ok ')
skipped=$(count '^skip ')
missing=$((wanted - passed - failed - skipped))
say "the machine ran $((SECONDS - began)) s"
[ "$missing" -eq 0 ] || say "$missing tests did not report; see $logs/console.log"
printf '%d passed, %d failed, %d skipped\n' "$passed" $((failed + missing)) "$skipped"
[ "$ended" = yes ] && [ "$failed" -eq 0 ] && [ "$missing" -eq 0 ] && [ "$(count '^done$')" -eq 1 ]
