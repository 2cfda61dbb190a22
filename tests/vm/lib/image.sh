# shellcheck shell=bash
# For sourcing by tests/vm/run.sh: the machine's disk, made once.
# Uses `say`, `fail` and `vm` (this directory) of the script.

# What a small server has. The programs' libraries come on top of it.
base_packages="systemd-sysv dbus libnss-systemd linux-image-cloud-amd64 procps curl jq"

# The packages of this machine that hold the shared libraries of these programs.
library_packages() {
  local -a files
  mapfile -t files < <(ldd "$@" | awk '$2 == "=>" && $3 ~ "^/" { print $3 }' | sort -u)
  # The package lists know a library under one of two names, and the other one is an error.
  { dpkg-query -S "${files[@]}" "${files[@]/#//usr}" 2>/dev/null || true; } | sed 's/:.*//' | sort -u
}

# Where apt of this machine takes the distribution's packages from.
package_source() {
  # shellcheck disable=SC2016  # the variable is apt's
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
    "Codename: $1" 'Component: main' | head -n 1
}

# base_image CACHE PROGRAM...: sets base_image to a directory below CACHE with root.ext4, vmlinuz and
# initrd, made by debootstrap if it is not there. Its name tells what it was made from.
base_image() {
  local cache=$1 packages key codename lock
  shift
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  packages="$base_packages $(library_packages "$@" | tr '\n' ' ')"
  key=$({
    printf '%s\n' "$packages"
    cat "$vm/lib/image.sh" "$vm/guest/drover-vm.service"
  } | sha256sum | cut -c1-12)
  base_image=$cache/$codename-$key
  # Another run may be making it.
  exec {lock}>"$cache/lock"
  flock "$lock"
  [ -e "$base_image/complete" ] || make_image "$codename" "$packages"
  touch "$base_image/complete"
  # Images that nobody has used for two weeks; whatever else is there is not ours.
  find "$cache" -mindepth 2 -maxdepth 2 -path '*-????????????/complete' -mtime +14 -printf '%h\0' |
    xargs -0r rm -rf
  exec {lock}>&-
}

make_image() {
  local codename=$1 packages=$2
  [ "$(id -u)" = 0 ] || fail "debootstrap needs root, and there is no image at $base_image yet"
  rm -rf "$base_image"
  mkdir -p "$base_image"
  make_tree "$base_image/tree" "$codename" "$packages"
  cp "$base_image"/tree/boot/vmlinuz-* "$base_image/vmlinuz"
  cp "$base_image"/tree/boot/initrd.img-* "$base_image/initrd"
  rm -rf "$base_image"/tree/boot/* "$base_image"/tree/usr/share/{doc,man,locale}/*
  mkfs.ext4 -q -d "$base_image/tree" "$base_image/root.ext4" 3G
  rm -rf "$base_image/tree"
  touch "$base_image/complete"
}

make_tree() {
  local tree=$1 codename=$2 packages=$3 source proxy=
  source=$(package_source "$codename")
  [ -n "$source" ] ||
    fail "apt of this machine knows no packages of Debian ${codename:-?}; run apt-get update, and see /etc/apt"
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  say "making the image (once) from the packages that apt of this machine uses: $source"
  ${proxy:+env "http_proxy=$proxy"} debootstrap --variant=minbase \
    "--include=$(xargs <<<"$packages" | tr ' ' ',')" "$codename" "$tree" "$source" \
    >"$base_image/debootstrap.log" 2>&1 || {
    tail -n 15 "$base_image/debootstrap.log" >&2
    fail "debootstrap failed; the end of $base_image/debootstrap.log is above"
  }
  rm -f "$tree"/var/cache/apt/archives/*.deb
  printf '/dev/vda / ext4 defaults 0 0\n' >"$tree/etc/fstab"
  printf 'drover-vm\n' >"$tree/etc/hostname"
  printf '127.0.0.1 localhost drover-vm\n' >"$tree/etc/hosts"
  cp "$vm/guest/drover-vm.service" "$tree/etc/systemd/system/"
  chroot "$tree" systemctl -q enable drover-vm.service
  chroot "$tree" systemctl -q mask serial-getty@ttyS0.service apt-daily.timer apt-daily-upgrade.timer \
    dpkg-db-backup.timer e2scrub_all.timer fstrim.timer
}
