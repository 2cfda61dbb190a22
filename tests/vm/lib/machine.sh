# shellcheck shell=bash
# For sourcing by tests/vm/run.sh: the virtual machine, its life and what it says. Uses `base_image`,
# and sets `machine`, the pid of qemu while it runs.

machine=

# start_machine LOGS: boots; the consoles go to console.log, results and journal.log in LOGS. The disk's
# changes are thrown away with the machine. Without a network: all that is tested speaks on loopback.
start_machine() {
  local logs=$1
  : >"$logs/console.log"
  : >"$logs/results"
  : >"$logs/journal.log"
  rm -f "$logs/notes.raw"
  truncate -s 1M "$logs/notes.raw"
  # Killed with this script, however it ends.
  setpriv --pdeathsig KILL qemu-system-x86_64 \
    -accel tcg,thread=multi -smp 2 -m 1536 -nodefaults -no-user-config -display none -nic none \
    -kernel "$base_image/vmlinuz" -initrd "$base_image/initrd" \
    -append "root=/dev/vda console=ttyS0 rw edd=off" \
    -drive "file=$base_image/root.ext4,format=raw,if=virtio,snapshot=on" \
    -drive "file=$logs/payload.tar,format=raw,if=virtio,readonly=on" \
    -drive "file=$logs/notes.raw,format=raw,if=virtio" -device virtio-rng-pci \
    -serial "file:$logs/console.log" -serial "file:$logs/results" -serial "file:$logs/journal.log" \
    >"$logs/qemu.log" 2>&1 </dev/null &
  machine=$!
}

stop_machine() {
  [ -n "$machine" ] || return 0
  kill -KILL "$machine" 2>/dev/null || true
  wait "$machine" 2>/dev/null || true
  machine=
}

# follow_machine LOGS SECONDS: prints what it reports, as it comes, until it is off. Fails when it does
# not end by itself.
follow_machine() {
  local logs=$1 deadline=$((SECONDS + $2)) shown=0 whole ended
  while :; do
    ended=no
    kill -0 "$machine" 2>/dev/null || ended=yes
    # Only whole lines, so that none is shown in pieces.
    whole=$(wc -l <"$logs/results")
    if [ "$whole" -gt "$shown" ]; then
      sed -n "$((shown + 1)),${whole}p" "$logs/results" | tr -d '\r' | show_results
      shown=$whole
    fi
    [ "$ended" = no ] || break
    ! grep -q 'Kernel panic' "$logs/console.log" || complain "its kernel panicked" || return 1
    [ "$SECONDS" -lt "$deadline" ] || complain "it did not end within $2 s" || return 1
    sleep 0.5
  done
  wait "$machine" 2>/dev/null || complain "qemu failed: $(tail -n 1 "$logs/qemu.log")" || return 1
  machine=
}

complain() {
  printf 'the machine: %s\n' "$*" >&2
  return 1
}

# "ok 12.3 name_of_test", "not ok 12.3 name_of_test" and "# words" as rows of a table.
show_results() {
  local line
  while IFS= read -r line; do
    case $line in
      'ok '*) row passed "${line#ok }" ;;
      'not ok '*) row FAILED "${line#not ok }" ;;
      '# '*) printf '         %s\n' "$line" ;;
      'skip '*) row skipped "${line#skip }" ;;
      'begin '*) printf '%s\n' "${line#begin }" ;;
    esac
  done
}
row() {
  local name=${2#* }
  printf '  %-7s  %7s s  %s\n' "$1" "${2%% *}" "${name//_/ }"
}
