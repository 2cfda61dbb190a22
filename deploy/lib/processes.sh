# shellcheck shell=bash
# For sourcing by bash scripts that start Drover's programs and have to end them again, by pid.

# Whether the process exists and is not merely waiting to be reaped.
alive() {
  local line
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  line=${line##*) }
  [ "${line%% *}" != Z ]
}

# processes_with ARGUMENT...: the pids of drover programs that were given one of these arguments,
# whole, or as --socket=ARGUMENT.
processes_with() {
  local file pid name
  [ $# -gt 0 ] || return 0
  # The patterns come by standard input: a grep must not find itself.
  # shellcheck disable=SC2062  # the files are meant to be expanded, and no pattern is
  for file in $(printf '%s\n' "$@" "${@/#/--socket=}" |
    grep -lszxF -f - /proc/[0-9]*/cmdline); do
    pid=${file#/proc/}
    pid=${pid%/cmdline}
    { read -r name <"/proc/$pid/comm"; } 2>/dev/null || continue
    case $name in drover-*) ! alive "$pid" || printf '%s\n' "$pid" ;; esac
  done
}

# end_processes SECONDS PID...: SIGTERM, and SIGKILL to those still there after so long.
end_processes() {
  local deadline=$((SECONDS + $1)) pid
  shift
  for pid in "$@"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "$@"; do
    while alive "$pid" && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.05; done
    if alive "$pid"; then
      printf 'process %s does not end; killing it\n' "$pid" >&2
      kill -KILL "$pid" 2>/dev/null || true
      while alive "$pid"; do sleep 0.05; done
    fi
  done
}

# end_all SECONDS ARGUMENT...: ends what processes_with finds, until it finds nothing: a program
# that is ended may just have started another.
end_all() {
  local seconds=$1 found round
  shift
  for round in 1 2 3 4 5; do
    found=$(processes_with "$@")
    [ -n "$found" ] || return 0
    # shellcheck disable=SC2086  # a list of numbers
    end_processes "$seconds" $found
  done
  printf 'still running after %d rounds: %s\n' "$round" "${found//$'\n'/ }" >&2
  return 1
}
