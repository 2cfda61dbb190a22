#!/usr/bin/env bash
# Builds Drover, starts a master and agents on this machine, runs the example on them and keeps
# serving until Ctrl-C, which stops everything that was started.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly top here=$PWD
cd "$top"
. deploy/lib/build.sh
. deploy/lib/processes.sh

shopt -s nullglob

readonly template='我的数据处理任务'

usage() {
  cat <<'TEXT'
usage: deploy/quickstart.sh [flags]
  --agents N        how many agents to start (1)
  --dir DIR         where state and logs are kept
                    ($DROVER_QUICKSTART_DIR, else ~/.local/share/drover-quickstart)
  --http-port PORT  of the HTTP API on 127.0.0.1 (8420; 0: any free one)
  --agent-port PORT for agents on 127.0.0.1 (8421; 0: any free one)
  --bin-dir DIR     run the programs in DIR instead of building them
  --once            stop after the demonstration instead of serving until Ctrl-C
TEXT
}

say() { printf '%s\n' "$*"; }
fail() { printf 'quickstart: %s\n' "$*" >&2; exit 1; }
usage_error() { printf 'quickstart: %s; see deploy/quickstart.sh --help\n' "$*" >&2; exit 2; }

# ---- Flags --------------------------------------------------------------------------------------
agents=1
dir=${DROVER_QUICKSTART_DIR:-${HOME:-/root}/.local/share/drover-quickstart}
http_port=8420
agent_port=8421
bin_dir=
once=no

# number_of FLAG TEXT LEAST MOST
number_of() {
  if ! [[ $2 =~ ^(0|[1-9][0-9]{0,5})$ ]] || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
    usage_error "$1 takes a number from $3 to $4, not '$2'"
  fi
}

while [ $# -gt 0 ]; do
  flag=${1%%=*}
  case $flag in
    --once | -h | --help) [ "$flag" = "$1" ] || usage_error "$flag takes no value" ;;
    --agents | --dir | --http-port | --agent-port | --bin-dir)
      if [ "$flag" != "$1" ]; then
        value=${1#*=}
      else
        [ $# -ge 2 ] || usage_error "$flag needs a value"
        value=$2
        shift
      fi
      [ -n "$value" ] || usage_error "$flag needs a value"
      ;;
    *) usage_error "unknown flag '$1'" ;;
  esac
  shift
  case $flag in
    --once) once=yes ;;
    --agents) number_of --agents "$value" 1 100 && agents=$value ;;
    --dir) dir=$value ;;
    --http-port) number_of --http-port "$value" 0 65535 && http_port=$value ;;
    --agent-port) number_of --agent-port "$value" 0 65535 && agent_port=$value ;;
    --bin-dir) bin_dir=$value ;;
    *) usage; exit 0 ;;
  esac
done
[ "$http_port" = 0 ] || [ "$http_port" != "$agent_port" ] ||
  usage_error "--http-port and --agent-port are both $http_port"
case $dir in /*) ;; *) dir=$here/$dir ;; esac
case $bin_dir in '' | /*) ;; *) bin_dir=$here/$bin_dir ;; esac
# The path of a unix socket, <dir>/agent-100/supervisor.sock, has at most 107 bytes.
[ "$(printf %s "$dir" | wc -c)" -le 80 ] ||
  usage_error "--dir is too long for the sockets in it (80 bytes at most): $dir"

# ---- Stopping -----------------------------------------------------------------------------------
master_pid=
agent_pids=()
started=no
serving=no

stop_everything() {
  local sockets=("$dir"/agent-*[0-9]) states=("$dir"/agent-*[0-9])
  sockets=("${sockets[@]/%//supervisor.sock}")
  # Agents first, so that none starts a supervisor anew; the supervisors end their tasks.
  end_processes 10 "${agent_pids[@]}"
  end_all 10 "${states[@]}"
  end_all 20 "${sockets[@]}"
  [ -z "$master_pid" ] || end_processes 10 "$master_pid"
  end_all 10 "$dir/master"
}

on_exit() {
  local status=$?
  # An impatient second Ctrl-C, or a reader who has gone, must not leave half of it running.
  trap '' INT TERM HUP PIPE
  set +e
  stop_build
  if [ "$started" = yes ]; then
    say "stopping the agents, their tasks and the master"
    stop_everything
    say "stopped; state and logs stay in $dir"
  fi
  exit "$status"
}
# Ctrl-C is the ordinary end of serving, and an interruption before.
on_signal() {
  printf '\n'
  [ "$serving" = no ] || exit 0
  exit "$1"
}
trap on_exit EXIT
trap 'on_signal 130' INT
trap 'on_signal 143' TERM
trap 'on_signal 129' HUP
trap 'exit 141' PIPE  # whoever read what this says is gone

# ---- Steps --------------------------------------------------------------------------------------

# call PATH [BODY]: the body of the master's answer; fails unless it is a success.
call() {
  curl -q -sS -f --noproxy '*' --max-time 10 ${2+--data-binary "$2"} "$base$1"
}
# The HTTP status of the answer.
status_of() {
  curl -q -s -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 10 ${2+--data-binary "$2"} \
    "$base$1" || true
}

last_words() { tail -n 1 "$1" 2>/dev/null || true; }

check_children() {
  local number
  alive "$master_pid" || fail "the master ended: $(last_words "$dir/master.log")"
  for number in "${!agent_pids[@]}"; do
    alive "${agent_pids[$number]}" ||
      fail "agent $((number + 1)) ended: $(last_words "$dir/agent-$((number + 1)).log")"
  done
}

# wait_until SECONDS COMMAND...: polls; false when it took too long. Fails if a program has ended.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    check_children
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

check_port() {  # FLAG PORT
  if (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null; then
    fail "port $2 of 127.0.0.1 is taken; stop what listens there or choose another with $1 PORT"
  fi
}

take_directory() {
  if ! { mkdir -p "$dir" && chmod 700 "$dir" && : >>"$dir/lock"; } 2>/dev/null; then
    fail "cannot write to $dir; choose another directory with --dir DIR"
  fi
  exec 9>>"$dir/lock"
  flock -n 9 || fail "another quickstart runs in $dir; stop it, or choose another with --dir DIR"
  # What a quickstart that was killed could not stop.
  stop_everything
}

build() {
  if [ -z "$bin_dir" ]; then
    build_preset release || exit 1
    bin_dir=$top/build/release/bin
  fi
  local program
  for program in drover-master drover-agent drover-supervisor; do
    [ -x "$bin_dir/$program" ] || fail "there is no program $bin_dir/$program"
  done
}

start_master() {
  started=yes
  setsid "$bin_dir/drover-master" --data-dir "$dir/master" \
    --http-listen "127.0.0.1:$http_port" --agent-listen "127.0.0.1:$agent_port" \
    >>"$dir/master.log" 2>&1 </dev/null 9>&- &
  master_pid=$!
  wait_until 60 ready || fail "the master is not ready after 60 s; see $dir/master.log"
}
ready() { [ "$(status_of /readyz)" = 200 ]; }

start_agents() {
  local number
  for ((number = 1; number <= agents; ++number)); do
    mkdir -p "$dir/agent-$number"
    # Each agent of this machine gets an address of its own, to be told apart in the node list.
    setsid "$bin_dir/drover-agent" --master "127.0.0.1:$agent_port" \
      --state-dir "$dir/agent-$number" --advertise-ip "127.0.0.$number" \
      --label "quickstart=agent-$number" >>"$dir/agent-$number.log" 2>&1 </dev/null 9>&- &
    agent_pids+=("$!")
  done
  wait_until 30 all_online || fail "not all agents are online after 30 s; see $dir/agent-*.log"
}
all_online() {
  call /api/task/node | python3 -c '
import json, sys
online = {node["ip"] for node in json.load(sys.stdin)["nodes"] if node["status"] == 0}
wanted = {f"127.0.0.{number}" for number in range(1, int(sys.argv[1]) + 1)}
sys.exit(not wanted <= online)' "$agents"
}

# What the master found is in its log, in the line of the latest start.
tell_earlier_state() {
  local opened
  opened=$(grep -F ' store opened ' "$dir/master.log" | tail -n 1)
  if [[ $opened == *" epoch=1 "* ]]; then
    say "state is kept in $dir; there was none yet"
  else
    say "state is kept in $dir; found from earlier:" \
      "$(grep -oE '(templates|instances|nodes)=[0-9]+' <<<"$opened" | tr '\n' ' ')"
  fi
}

# The examples with their directory filled in. A copy beside the state, so that a template stays
# the same when the source tree moves.
copy_examples() {
  rm -rf "$dir/examples"
  cp -r deploy/examples "$dir/examples"
  python3 - "$dir/examples" <<'PYTHON'
import json, pathlib, sys
examples = pathlib.Path(sys.argv[1])
text = (examples / "orders.json.in").read_text(encoding="utf-8")
(examples / "orders.json").write_text(
    text.replace("@EXAMPLES@", json.dumps(str(examples), ensure_ascii=False)[1:-1]),
    encoding="utf-8")
PYTHON
}

register() {  # NAME FILE
  case $(status_of /api/task/task_group "@$2") in
    200) say "registered template $1" ;;
    409) say "template $1 exists with other content than $2; using the one that exists" ;;
    *) fail "the master refused template $1 ($2): $(curl -q -s --noproxy '*' \
      --data-binary "@$2" "$base/api/task/task_group")" ;;
  esac
}

ended() { call /api/task/task_group/query "{\"id\":\"$instance\"}" | grep -q '"status": *1'; }

run_example() {
  instance=$(call /api/task/task_group/deploy "{\"name\":\"$template\"}" |
    grep -oE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}') || fail "the deployment was refused"
  say "deployed $template as instance $instance"
  wait_until 60 ended || fail "the instance has not ended after 60 s; see $dir/agent-*.log"
}

show_results() {
  local output=("$dir"/agent-*/output/"$instance".0.1) number=0 name
  say
  say "nodes:"
  say "  $(call /api/task/node)"
  say "status (0: running, 1: ended or something is wrong):"
  say "  $(call /api/task/task_group/query "{\"id\":\"$instance\"}")"
  for name in 数据清洗器 数据分析器; do
    say "output of task $name (${output[0]:-none}/$number.1.stdout):"
    cat "${output[0]:-none}/$number.1".std* 2>/dev/null | sed 's/^/  /' || true
    number=$((number + 1))
  done
  diff -q "${output[0]:-none}/1.1.stdout" "$dir/examples/expected-report.txt" >/dev/null 2>&1 ||
    fail "the report is not the expected one; compare with $dir/examples/expected-report.txt"
  say
  say "The report is the expected one ($dir/examples/expected-report.txt)."
}

show_calls() {
  local hello
  hello=$(printf %q "@$dir/examples/hello.json")
  cat <<TEXT

The six calls:

  # create a template
  curl --data-binary $hello $base/api/task/task_group
  # query a template
  curl -d '{"name":"hello"}' $base/api/task/query
  # deploy it; answers the instance's id
  curl -d '{"name":"hello"}' $base/api/task/task_group/deploy
  # status of an instance
  curl -d '{"id":"$instance"}' $base/api/task/task_group/query
  # stop an instance
  curl -d '{"id":"$instance"}' $base/api/task/task_group/stop
  # nodes
  curl $base/api/task/node

TEXT
}

# Until Ctrl-C; a program that ends by itself ends the whole.
serve() {
  serving=yes
  say "serving on $base with $agents agent(s); logs and state: $dir; Ctrl-C stops everything"
  while :; do
    wait -n || true
    check_children
  done
}

if [ -z "$bin_dir" ]; then
  # shellcheck disable=SC2119  # no flags for setup.sh
  ensure_setup
fi
if [ "$http_port" = 0 ]; then http_port=$(free_port); fi
if [ "$agent_port" = 0 ]; then agent_port=$(free_port); fi
take_directory
check_port --http-port "$http_port"
check_port --agent-port "$agent_port"
readonly base=http://127.0.0.1:$http_port
build
start_master
tell_earlier_state
start_agents
copy_examples
register "$template" "$dir/examples/orders.json"
register hello "$dir/examples/hello.json"
run_example
show_results
show_calls
[ "$once" = yes ] || serve
