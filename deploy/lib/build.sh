# shellcheck shell=bash
# For sourcing by bash scripts that need a built tree: build_preset. Expects the working directory
# to be the project's top level. Nothing is printed but progress, unless something fails.

# Installs what is missing, if anything is. Arguments are setup.sh's.
ensure_setup() {
  deploy/setup.sh --check "$@" >/dev/null 2>&1 || deploy/setup.sh "$@"
}

# The process group of the build that runs now, if one does; see stop_build.
build_group=

# Ends a running build with all its compilers and waits until they are gone.
stop_build() {
  [ -n "$build_group" ] || return 0
  kill -TERM -- "-$build_group" 2>/dev/null || true
  wait "$build_group" 2>/dev/null || true
  build_group=
}

# build_preset PRESET [PREFIX...]: configures and builds a preset of CMakePresets.json, each command
# run by PREFIX. What the tools say goes to configure.log and build.log in build/PRESET.
build_preset() {
  local preset=$1
  shift
  mkdir -p "build/$preset"
  run_logged "configuring $preset" "build/$preset/configure.log" "$@" cmake --preset "$preset" &&
    run_logged "building $preset" "build/$preset/build.log" "$@" cmake --build --preset "$preset"
}

# run_logged WHAT LOG COMMAND...: runs it in a process group of its own, so that it can be ended as
# a whole, and shows how far ninja is.
run_logged() {
  local what=$1 log=$2 began=$SECONDS status=0 ticks=0
  shift 2
  [ -t 1 ] || printf '%s (log: %s)\n' "$what" "$log"
  setsid -- "$@" >"$log" 2>&1 </dev/null &
  build_group=$!
  while kill -0 "$build_group" 2>/dev/null; do
    if [ -t 1 ] && [ $((ticks++ % 5)) -eq 0 ]; then
      printf '\r\033[K%s %s (log: %s)' "$what" \
        "$(tail -c 4096 "$log" | tr '\r' '\n' | grep -oE '^\[[0-9]+/[0-9]+\]' | tail -n 1)" "$log"
    fi
    sleep 0.1
  done
  wait "$build_group" || status=$?
  build_group=
  [ ! -t 1 ] || printf '\r\033[K'
  if [ "$status" -ne 0 ]; then
    {
      printf '%s failed; the end of %s:\n\n' "$what" "$log"
      grep -vE '^\[[0-9]+/[0-9]+\]' "$log" | tail -n 40
    } >&2
    return 1
  fi
  printf '%s: done in %d s\n' "$what" $((SECONDS - began))
}
