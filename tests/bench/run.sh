#!/usr/bin/env bash
# Runs benchmarks on the real programs of the release preset, prints one table, and leaves all that
# was measured in build/release/bench.json. Ends with 0 whether or not targets are met.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. deploy/lib/build.sh

usage_error() { printf 'tests/bench/run.sh: %s; see tests/bench/run.sh --help\n' "$*" >&2; exit 2; }
usage() {
  cat <<'TEXT'
usage: tests/bench/run.sh [--no-build] [--out FILE] [ID...] [-- FLAG...]
  ID          only these: P1 P6 ...; --list says which there are
  --no-build  take the programs as they are in build/release
  --out FILE  in place of build/release/bench.json
  FLAG...     are given to each program, for example --turns 9; PROGRAM --help says which
TEXT
}

preset=release
list=build/$preset/tests/benchmarks.txt
out=build/$preset/bench.json
build=yes
wanted=()
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --no-build) build=no ;;
    --list) awk '{print $1}' "$list" | tr ',' '\n'; exit 0 ;;
    --out) [ $# -ge 2 ] || usage_error "--out needs a file"; out=$2; shift ;;
    --) shift; break ;;
    -*) usage_error "there is no flag '$1'" ;;
    *) wanted+=("$1") ;;
  esac
  shift
done

# What a benchmark has started it ends itself; it is told, and waited for.
running=
scratch=
stop() {
  trap '' INT TERM HUP
  if [ -n "$running" ]; then
    kill -TERM "$running" 2>/dev/null || true
    wait "$running" 2>/dev/null || true
  fi
  stop_build
  [ -z "$scratch" ] || rm -rf "$scratch"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ "$build" = yes ]; then
  ensure_setup
  build_preset "$preset"
fi
scratch=$(mktemp -d)

# One of the comma-separated IDS is wanted.
is_wanted() {
  local id each
  [ ${#wanted[@]} -gt 0 ] || return 0
  for id in ${1//,/ }; do
    for each in "${wanted[@]}"; do [ "$id" != "$each" ] || return 0; done
  done
  return 1
}

for id in "${wanted[@]}"; do
  awk '{print $1}' "$list" | tr ',' '\n' | grep -qxF -- "$id" || usage_error "there is no benchmark '$id'"
done

failed=()
while read -r ids program; do
  [ -n "$ids" ] && is_wanted "$ids" || continue
  printf '\n=== %s: %s\n' "$ids" "$program"
  "$program" --json "$scratch/$ids.json" "$@" </dev/null &
  running=$!
  wait "$running" || failed+=("$ids")
  running=
done <"$list"

python3 tests/bench/support/table.py "$out" "$scratch"/*.json
if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[*]}" >&2
  exit 1
fi
