#!/usr/bin/env bash
# Sets up, builds and runs all tests. Ends with ctest's closing line; not 0 unless all passed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. deploy/lib/build.sh

usage_error() { printf 'tests/run.sh: %s; see tests/run.sh --help\n' "$*" >&2; exit 2; }
usage() {
  cat <<'TEXT'
usage: tests/run.sh [--preset NAME] [CTEST-ARGUMENT...]
  --preset NAME  release (default), dev, asan, tsan or clang
  What follows is given to ctest, for example: tests/run.sh -R unit_common --verbose
TEXT
}

preset=release
case ${1:-} in
  -h | --help) usage; exit 0 ;;
  --preset)
    [ $# -ge 2 ] || usage_error "--preset needs a name"
    preset=$2
    shift 2
    ;;
  --preset=*)
    preset=${1#*=}
    shift
    ;;
esac

trap stop_build EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

setup_flags=(--testing)
prefix=()
case $preset in
  release | dev) ;;
  clang) setup_flags+=(--development) ;;
  asan)
    export ASAN_OPTIONS="detect_stack_use_after_return=1:${ASAN_OPTIONS:-}"
    export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp:print_suppressions=0:${LSAN_OPTIONS:-}"
    export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1:${UBSAN_OPTIONS:-}"
    ;;
  tsan)
    export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp:halt_on_error=1:${TSAN_OPTIONS:-}"
    # Older runtimes cannot live with as many random address bits as newer kernels use.
    if setarch "$(uname -m)" -R true 2>/dev/null; then prefix=(setarch "$(uname -m)" -R); fi
    ;;
  *) usage_error "there is no preset '$preset'" ;;
esac

ensure_setup "${setup_flags[@]}"
build_preset "$preset" "${prefix[@]}"
# Most tests wait for processes more than they compute: one more than there are cores.
"${prefix[@]}" ctest --preset "$preset" --no-tests=error -j "$(($(nproc) + 1))" "$@"
