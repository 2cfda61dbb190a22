# shellcheck shell=bash
# For sourcing by tests/vm/run.sh: what is put into the machine. Uses `fail` and `vm`, this directory, of
# the script.

# payload BUILD ARCHIVE: what `cmake --install` installs, and the tests, as an archive that the machine
# reads from its second disk.
payload() {
  local build=$1 archive=$2 stage
  stage=$(mktemp -d)
  mkdir -p "$stage/opt/vm/install"
  DESTDIR=$stage/opt/vm/install cmake --install "$build" --prefix /usr/local >"$archive.log" || {
    rm -rf "$stage"
    fail "cmake --install failed; see $archive.log"
  }
  cp -r "$vm"/guest/. "$stage/opt/vm/"
  stage_process_tests "$(realpath "$build")" "$stage"
  # Files alone: no directory of the machine takes its mode from here.
  (cd "$stage" && find . ! -type d) |
    tar -cf "$archive" --owner=0 --group=0 --mode=a+rX -C "$stage" -T -
  rm -rf "$stage"
}

# The process tests know the programs that they start by where those were built.
stage_process_tests() {
  local built=$1 stage=$2
  mkdir -p "$stage$built/bin" "$stage$built/tests"
  cp "$built"/tests/{process_test,drover_probe} "$stage$built/tests/"
  ln -s "$built/tests/process_test" "$stage/opt/vm/process_test"
  ln -s /opt/vm/supervisor_alone.sh "$stage$built/bin/drover-supervisor"
}
