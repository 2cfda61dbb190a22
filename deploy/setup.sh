#!/usr/bin/env bash
# Installs what Drover needs to be built, tested and tried, from the distribution's own packages.
# For Debian 12 and later, and Ubuntu 24.04 and later. Run again, it finds nothing to do.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deploy/setup.sh [--check] [--testing] [--vm] [--development]
  --check        install nothing; print what is missing; exit 1 if anything is
  --testing      also what some tests use: networks of their own, with cables that can be cut,
                 and a judge of JSON schemas
  --vm           also what tests/vm needs: qemu, and debootstrap for its disk
  --development  also what only developers need: clang, its tools, gdb, Google Benchmark,
                 and matplotlib, which draws what benchmarks have measured
TEXT
}

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

check_only=no
testing=no
vm=no
development=no
for argument in "$@"; do
  case $argument in
    --check) check_only=yes ;;
    --testing) testing=yes ;;
    --vm) vm=yes ;;
    --development) development=yes ;;
    -h | --help) usage; exit 0 ;;
    *)
      printf "setup: unknown flag '%s'; see deploy/setup.sh --help\n" "$argument" >&2
      exit 2
      ;;
  esac
done

for tool in dpkg-query apt-get; do
  command -v "$tool" >/dev/null ||
    fail "no $tool here; install what deploy/setup.sh names by your system's own means"
done

# Debian 12 has two versions of Boost, and the one without a number is too old.
# shellcheck source=/dev/null
codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
boost='libboost-dev libboost-json-dev libboost-url-dev'
clang_runtime='libclang-rt-dev'
case $codename in
  bookworm)
    boost='libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev'
    clang_runtime='libclang-rt-14-dev'
    ;;
  noble) clang_runtime='libclang-rt-18-dev' ;;
esac

packages="
  g++ cmake ninja-build pkg-config ccache mold
  libgrpc++-dev libgrpc-dev libabsl-dev tzdata protobuf-compiler protobuf-compiler-grpc libprotobuf-dev
  $boost librocksdb-dev libssl-dev libsystemd-dev zlib1g-dev prometheus-cpp-dev
  libspdlog-dev libfmt-dev libcli11-dev libyaml-cpp-dev libutf8proc-dev libgtest-dev libgmock-dev
  curl python3"
if [ "$testing" = yes ]; then
  packages="$packages iproute2 nftables libvalijson-dev"
fi
if [ "$vm" = yes ]; then
  packages="$packages qemu-system-x86 debootstrap e2fsprogs"
fi
if [ "$development" = yes ]; then
  packages="$packages clang clang-tidy clang-format $clang_runtime gdb libbenchmark-dev python3-matplotlib"
fi

# Of the packages named, those that are not installed.
missing_of() {
  local installed package
  # Fails when one of them is unknown, and lists the others all the same.
  # shellcheck disable=SC2016  # the fields are dpkg-query's
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    grep -qxF "installed $package" <<<"$installed" || printf '%s ' "$package"
  done
}

# shellcheck disable=SC2086  # a list of words
missing=$(missing_of $packages)
if [ -z "$missing" ]; then
  say "nothing is missing"
  exit 0
fi
say "missing: ${missing% }"
[ "$check_only" = no ] || exit 1

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null ||
    fail "not root, and no sudo here; as root, run: apt-get update && apt-get install ${missing% }"
  as_root=(sudo)
fi
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
say "asking the package servers what they have (apt-get update)"
# An update that reached only some servers ends with success; what was missed shows below.
apt update >"$log" 2>&1 || {
  tail -n 5 "$log" >&2
  fail "apt-get update failed; check the network and the sources in /etc/apt, then run this again"
}
say "installing ${missing% } (takes a minute or two)"
# shellcheck disable=SC2086
apt install --no-install-recommends $missing >"$log" 2>&1 || {
  tail -n 15 "$log" >&2
  fail "apt-get install failed; its last words are above; mend that, then run this again"
}
# shellcheck disable=SC2086
missing=$(missing_of $packages)
[ -z "$missing" ] || fail "still missing after the installation: ${missing% }"
say "done"
