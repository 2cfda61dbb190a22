# shellcheck shell=bash
# For sourcing by run.sh: units, processes and cgroups, as systemd and the kernel see them.

units="drover-master drover-supervisor drover-agent"
supervisor_cgroup=/sys/fs/cgroup/system.slice/drover-supervisor.service

property() { systemctl show --value -p "$2" "$1"; }
main_pid() { property "$1" MainPID; }
# Whether the unit says that it is ready (Type=notify) and has another main process than PID.
is_anew() {
  [ "$(property "$1" ActiveState)" = active ] && [ "$(main_pid "$1")" != "$2" ]
}
all_ready() {
  # shellcheck disable=SC2086  # a list of words
  systemctl -q is-active $units && curl -sf -o /dev/null "$master/readyz" && node_is_online
}
# The master takes a node for online until it has reason not to: ready is who has spoken with it.
all_ready_since_boot() { all_ready && journalctl -q -b -u drover-agent | grep -qF 'session opened'; }

# The main process of an instance of one task: of those with its id, the one that began first.
pid_of() {
  local pid
  # Processes that end meanwhile cannot be read, and are an error of grep.
  pid=$({ grep -lszxF "DROVER_INSTANCE_ID=$1" /proc/[0-9]*/environ || true; } |
    cut -d/ -f3 | sort -n | head -n 1)
  [ -n "$pid" ] || fail "no process of instance $1"
  printf '%s\n' "$pid"
}
# The pid with its start time: the same text is the same process.
identity_of() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  printf '%s:%s\n' "$1" "$(cut -d' ' -f20 <<<"$stat")"
}
is_gone() { [ ! -e "/proc/$1" ]; }
cgroup_of() { sed -n 's|^0::|/sys/fs/cgroup|p' "/proc/$1/cgroup"; }
members_of() { find "$1" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -n; }
# Processes of tasks, in whatever cgroup below the supervisor's.
processes_of_tasks() {
  members_of "$supervisor_cgroup" | grep -vxF "$(main_pid drover-supervisor)" || true
}
# The words that an attempt printed: output_of ID STREAM.
output_of() { cat /var/lib/drover-agent/output/"$1".*/*."${2:-stdout}"; }
